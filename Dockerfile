FROM debian:bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends g++ cmake ninja-build pkg-config libasio-dev \
        libcli11-dev libspdlog-dev nlohmann-json3-dev libtinyxml2-dev libzip-dev libzint-dev libopencv-core-dev \
        libopencv-imgproc-dev libopencv-imgcodecs-dev libcpp-httplib-dev zlib1g-dev \
    # Headers alone: installed, this package would bring Qt along.
    && cd /tmp && apt-get download libvalijson-dev && dpkg-deb -x libvalijson-dev_*.deb / \
    && rm -rf /var/lib/apt/lists/*
COPY . /src
RUN cmake -S /src -B /build -G Ninja && ninja -C /build gigemu

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends libfmt9 libspdlog1.10 libtinyxml2-9 libzip4 libzint2.11 \
        libopencv-core406 libopencv-imgproc406 libopencv-imgcodecs406 libcpp-httplib0.11 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /build/gigemu /usr/bin/gigemu
COPY configs /usr/share/gigemu
VOLUME /var/lib/gigemu
# GVCP; the stream leaves from a port of its own.
EXPOSE 3956/udp
ENTRYPOINT ["gigemu", "--state-dir", "/var/lib/gigemu"]
