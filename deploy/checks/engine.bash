# A Docker engine for deploy/check, where none runs: Debian's docker.io, started by hand, and images that stand in for
# those that can't be pulled. It keeps all in one folder and takes root.
# Sourced; the caller sets `engine` to the folder, or to nothing for the engine that runs.

# Debian's own client where the engine is Debian's: they belong together.
docker() {
    if [[ -n $engine ]]; then
        DOCKER_HOST=unix://$engine/socket /usr/bin/docker "$@"
    else
        command docker "$@"
    fi
}

# Compose v2 where it is, else docker-compose 1.29.
docker_compose() {
    if docker compose version >/dev/null 2>&1; then
        docker compose "$@"
    else
        COMPOSE_DOCKER_CLI_BUILD=0 DOCKER_HOST=${engine:+unix://$engine/socket} docker-compose "$@"
    fi
}

start_engine() {
    mkdir -p "$engine"
    rm -f "$engine/log"
    dockerd --host "unix://$engine/socket" --data-root "$engine/data" --exec-root "$engine/run" \
        --pidfile "$engine/pid" --bip 172.29.0.1/24 >"$engine/log" 2>&1 &
    engine_process=$!
    timeout 60 grep --quiet --max-count 1 'API listen on' \
        < <(tail --follow=name --retry --lines +1 --pid "$engine_process" "$engine/log" 2>/dev/null) && return
    tail -n 5 "$engine/log" >&2
    return 1
}

stop_engine() {
    [[ -n ${engine_process:-} ]] || return 0
    kill "$engine_process" 2>/dev/null || true
    wait "$engine_process" || true
}

# Makes sure of an image: as it is here, else from its registry, else by the command that follows.
have_image() {
    local image=$1
    shift
    docker image inspect "$image" >/dev/null 2>&1 && return
    docker pull --quiet "$image" >/dev/null 2>&1 && return
    echo "making a stand-in for $image"
    "$@" "$image"
}

make_debian() {
    local tree=$engine/debian
    rm -rf "$tree"
    debootstrap --variant=minbase bookworm "$tree" >"$engine/debootstrap.log"
    tar --create --directory "$tree" . | docker import - "$1" >/dev/null
    rm -rf "$tree"
}

# Debian with a C++ compiler and the Swift toolchain of this machine.
make_swift() {
    local toolchain context=$engine/swift
    toolchain=$(cd "$(dirname "$(readlink -f "$(command -v swift)")")/../.." && pwd)
    mkdir -p "$context"
    cat >"$context/Dockerfile" <<'FILE'
FROM debian:bookworm-slim
RUN apt-get update -qq \
    && apt-get install -qq -y --no-install-recommends \
        binutils ca-certificates g++ git gnupg libc6-dev libcurl4 libncurses6 libsqlite3-0 libxml2 pkg-config tzdata \
    && rm -rf /var/lib/apt/lists/*
COPY usr /usr
FILE
    tar --create --exclude='*lldb*' --exclude='*sourcekit*' --exclude='*docc*' \
        --directory "$context" Dockerfile --directory "$toolchain" usr |
        DOCKER_BUILDKIT=0 docker build --quiet --tag "$1" - >"$engine/build.log" 2>&1
}

# Kafka's jars with the steps of the real image: settings from the environment, the folder formatted once, the broker.
make_kafka() {
    [[ -d ${KAFKA_HOME:-}/libs ]] || { echo "KAFKA_HOME must name an unpacked Kafka 4.3.1" >&2; return 1; }
    local context=$engine/kafka
    rm -rf "$context"
    mkdir -p "$context/bin"
    cp -rL "$KAFKA_HOME/libs" "$context/libs"
    cat >"$context/bin/start" <<'FILE'
#!/bin/sh
set -e
said=$(java -cp '/opt/kafka/libs/*' kafka.docker.KafkaDockerWrapper setup --default-configs-dir /etc/kafka/docker \
    --mounted-configs-dir /mnt/shared/config --final-configs-dir /opt/kafka/config 2>&1) ||
    echo "$said" | grep -i 'already formatted' || { echo "$said"; exit 1; }
exec java $KAFKA_HEAP_OPTS -cp '/opt/kafka/libs/*' kafka.Kafka /opt/kafka/config/server.properties
FILE
    cat >"$context/bin/kafka-broker-api-versions.sh" <<'FILE'
#!/bin/sh
exec java -Xmx64m -cp '/opt/kafka/libs/*' org.apache.kafka.tools.BrokerApiVersionsCommand "$@"
FILE
    chmod +x "$context"/bin/*
    cat >"$context/Dockerfile" <<'FILE'
FROM debian:bookworm-slim
RUN apt-get update -qq \
    && mkdir -p /usr/share/man/man1 \
    && apt-get install -qq -y --no-install-recommends openjdk-17-jre-headless \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 1000 appuser \
    && mkdir -p /opt/kafka/config /var/lib/kafka/data /etc/kafka/docker /mnt/shared/config \
    && chown -R appuser /opt/kafka /var/lib/kafka
COPY libs /opt/kafka/libs
COPY bin /opt/kafka/bin
USER appuser
ENV CLUSTER_ID=5L6g3nShT-eMCtK--X86sw
CMD ["/opt/kafka/bin/start"]
FILE
    DOCKER_BUILDKIT=0 docker build --quiet --tag "$1" "$context" >"$engine/build.log" 2>&1
    rm -rf "$context"
}
