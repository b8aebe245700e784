# One static binary on an empty base, for amd64 and arm64: docker build --platform linux/arm64 builds by a cross compiler.
ARG BASE=debian:bookworm-slim

FROM --platform=$BUILDPLATFORM ${BASE} AS libraries
ARG TARGETARCH
RUN arch=${TARGETARCH:-$(dpkg --print-architecture)} && dpkg --add-architecture $arch && apt-get update -qq \
    && case $arch in amd64) machine=x86-64 ;; arm64) machine=aarch64 ;; esac \
    && apt-get install -qq -y --no-install-recommends ca-certificates dpkg-dev cmake ninja-build g++-$machine-linux-gnu \
        libpng-dev:$arch libjpeg62-turbo-dev:$arch zlib1g-dev:$arch libspdlog-dev:$arch libre2-dev:$arch
COPY .ci/static_libraries /usr/local/bin/
RUN static_libraries /opt/static $TARGETARCH

FROM libraries AS build
RUN apt-get install -qq -y --no-install-recommends pkg-config libasio-dev libcli11-dev nlohmann-json3-dev \
    # Headers alone: installed, this package would bring Qt along.
    && cd /tmp && apt-get download libvalijson-dev && dpkg-deb -x libvalijson-dev_*.deb /
COPY . /src
RUN cmake -S /src -B /build -G Ninja -DCMAKE_TOOLCHAIN_FILE=/opt/static/toolchain.cmake && ninja -C /build gigemu
# Licences of all that is linked, and a folder of state for the user that the image runs as.
RUN doc=/image/usr/share/doc/gigemu && mkdir -p /image/usr/bin /image/state $doc/licences \
    && cp /build/gigemu /image/usr/bin/ && cp /src/LICENSE $doc/ && cp /opt/static/licences/* /build/page_libraries/licences.txt $doc/licences/ \
    && for package in libasio-dev libcli11-dev nlohmann-json3-dev libspdlog-dev libfmt-dev libre2-dev libvalijson-dev libpng-dev \
        libjpeg62-turbo-dev zlib1g-dev gcc-12-base libc6-dev; do cp -L /usr/share/doc/$package/copyright $doc/licences/$package || exit; done

# Built by name alone (--target tests): the tests that compare frames to the bit, emulated where this machine is another one.
FROM build AS tests
ARG TARGETARCH
RUN apt-get install -qq -y --no-install-recommends doctest-dev qemu-user-static && cmake /build && ninja -C /build determinism_tests \
    && case $TARGETARCH in $(dpkg --print-architecture)) emulator= ;; amd64) emulator=qemu-x86_64-static ;; arm64) emulator=qemu-aarch64-static ;; esac \
    && $emulator /build/determinism_tests

FROM scratch
COPY --from=build /image/usr/ /usr/
# Its owner may write it, and so may the owner of a new volume.
COPY --from=build --chown=65532:65532 /image/state/ /var/lib/gigemu/
USER 65532:65532
ENV GIGEMU_STATE_DIR=/var/lib/gigemu GIGEMU_HTTP=0.0.0.0:8080
VOLUME /var/lib/gigemu
# GVCP, and the page with the HTTP interface. The stream leaves from a port of its own.
EXPOSE 3956/udp 8080/tcp
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=2s --start-period=3s CMD ["/usr/bin/gigemu", "readyz"]
LABEL org.opencontainers.image.title=gigemu \
      org.opencontainers.image.description="Emulator of the DFK 39GX265-Z20, a GigE Vision zoom camera" \
      org.opencontainers.image.licenses=Apache-2.0
ENTRYPOINT ["/usr/bin/gigemu"]
