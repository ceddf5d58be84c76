# The image starts empty; `docker run IMAGE --demo` loads the sample corpus. Both stages call the scripts of `make run`.
FROM python:3.11.13-slim-bookworm AS build
WORKDIR /src
ARG PIP_FIND_LINKS
COPY . .
RUN .ci/install --prefix /opt/strategielotse

FROM python:3.11.13-slim-bookworm
COPY --from=build /opt/strategielotse /opt/strategielotse
COPY .ci/start /opt/strategielotse/start
RUN apt-get update \
    && apt-get install --yes --no-install-recommends tesseract-ocr tesseract-ocr-deu \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data strategielotse && install --directory --owner=strategielotse /data
ENV PATH=/opt/strategielotse/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    STRATEGIELOTSE_DATA_DIR=/data \
    STRATEGIELOTSE_HOST=0.0.0.0
USER strategielotse
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["/opt/strategielotse/start", "--prefix", "/opt/strategielotse"]
