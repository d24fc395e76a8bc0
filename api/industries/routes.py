"""Routes of the industries: all taxonomies, one tree, one node."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from api.answers import Json
from api.industries import service
from api.industries.shapes import NodeAnswer, TaxonomiesAnswer, TaxonomyAnswer
from api.opened import Opened
from api.parameters import only

router = APIRouter(tags=["industries"], dependencies=[Depends(only())])

Name = Annotated[str, Path(max_length=64)]


@router.get("/industries", response_model=TaxonomiesAnswer, operation_id="industries")
def industries(services: Opened) -> Json:
    return Json(service.taxonomies(services))


@router.get("/industries/{taxonomy}", response_model=TaxonomyAnswer, operation_id="industry_tree")
def tree(services: Opened, taxonomy: Name) -> Json:
    return Json(service.taxonomy(services, taxonomy))


@router.get("/industries/{taxonomy}/{node}", response_model=NodeAnswer, operation_id="industry_node")
def node(services: Opened, taxonomy: Name, node: Name) -> Json:
    return Json(service.node(services, taxonomy, node))
