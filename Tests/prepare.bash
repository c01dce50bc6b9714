# What the commands of this folder begin with: sets root, installs what is missing, and finds a Kafka for the tests.
# The tests start a broker of their own: jars in $KAFKA_HOME/libs, else Apache's archive from a cache folder.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

kafka=kafka_2.13-4.3.1
archive=https://archive.apache.org/dist/kafka/4.3.1/$kafka.tgz
# As Apache publishes it beside the archive.
sha512=c7d7b2318cb51aa0c61d3246a51c349210073c5c9b754947ef965a439f2f939e8600f204e134a75ac31faf3829c9370960ef7c6a9886c8a1dbf0339a21f4c54c
cache=${XDG_CACHE_HOME:-$HOME/.cache}/recharge-worker

# Fetches the archive into the cache, unless it is there, and checks that it is the published one.
fetch_kafka() {
    [[ ! -d $cache/$kafka ]] || return 0
    echo "Fetching $archive"
    mkdir -p "$cache"
    local part
    part=$(mktemp -d "$cache/part.XXXXXX")
    if curl --fail --silent --show-error --location --proto '=https' --connect-timeout 20 --max-time 900 \
        --output "$part/archive" "$archive" &&
        sha512sum --check --quiet <<<"$sha512  $part/archive" &&
        tar -xzf "$part/archive" -C "$part"; then
        mv -T "$part/$kafka" "$cache/$kafka"
    fi
    rm -rf "$part"
    [[ -d $cache/$kafka ]]
}

has_java() { command -v java >/dev/null && (($(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p') >= 17)); }

"$root/deploy/install" build
"$root/deploy/install" test || echo "Without these packages some suites are skipped." >&2
if ! has_java; then
    unset KAFKA_HOME
elif [[ -z ${KAFKA_HOME:-} ]] && fetch_kafka; then
    export KAFKA_HOME=$cache/$kafka
fi
