"""`Opened`: the process's Services as a parameter of a route."""

from typing import Annotated

from fastapi import Depends, Request

from api.services import Services


def opened(request: Request) -> Services:
    services: Services = request.app.state.services
    services.refresh()
    return services


Opened = Annotated[Services, Depends(opened)]
