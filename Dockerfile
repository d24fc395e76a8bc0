# The program in a small image: built in one stage, run in another that holds neither compiler nor sources.
# The versions are those of constraints.txt, which the tests passed with.

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
COPY pyproject.toml constraints.txt README.md ./
COPY api api
COPY cli cli
COPY index index
COPY ingest ingest
COPY store store
COPY taxonomy taxonomy
COPY web web
RUN pip wheel --no-deps --wheel-dir /wheels . \
    && python -m venv /opt/zhuanti \
    && /opt/zhuanti/bin/pip install --constraint constraints.txt "$(echo /wheels/zhuanti-*.whl)[postgres]"

FROM python:3.11-slim
RUN useradd --uid 10001 --user-group --home-dir /data --no-create-home --shell /usr/sbin/nologin zhuanti \
    && install --directory --owner zhuanti --group zhuanti --mode 0750 /data
COPY --from=build /opt/zhuanti /opt/zhuanti
ENV PATH=/opt/zhuanti/bin:$PATH ZHUANTI_HOME=/data PYTHONUNBUFFERED=1 LANG=C.UTF-8
USER zhuanti
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["zhuanti"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
