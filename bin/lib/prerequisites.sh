# What bin/test and bin/quickstart need: a JDK, Maven and packages of Debian. Sourced, not run.

step() {
    printf '==> %s\n' "$*"
}

# fail WHAT [HINT]: says what is wrong and, on a second line, what to do about it.
fail() {
    printf '%s: error: %s\n' "${0##*/}" "$1" >&2
    if [[ $# -gt 1 ]]; then
        printf '%s: hint: %s\n' "${0##*/}" "$2" >&2
    fi
    exit 1
}

# jdk_version HOME: prints the major version of the JDK there, or nothing when there is none.
jdk_version() {
    [[ -x $1/bin/java && -x $1/bin/javac ]] || return 0
    "$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p'
}

# Exports JAVA_HOME: a JDK 17, the release that everything is tested on, wherever one is found; else a newer one.
choose_jdk() {
    local -a homes=()
    local home version newer='' newer_version=''
    if [[ -n ${JAVA_HOME:-} ]]; then
        homes+=("$JAVA_HOME")
    fi
    if command -v javac >/dev/null; then
        home=$(readlink -f "$(command -v javac)")
        homes+=("${home%/bin/javac}")
    fi
    homes+=(/usr/lib/jvm/*)
    for home in "${homes[@]}"; do
        version=$(jdk_version "$home")
        if [[ $version == 17 ]]; then
            use_jdk "$home" "$version"
            return
        elif [[ -z $newer && -n $version && $version -gt 17 ]]; then
            newer=$home
            newer_version=$version
        fi
    done
    [[ -n $newer ]] || fail 'no JDK of release 17 or later found' \
        'apt-get install openjdk-17-jdk-headless (or default-jdk-headless), or set JAVA_HOME'
    use_jdk "$newer" "$newer_version"
}

use_jdk() {
    export JAVA_HOME=$1
    export PATH=$JAVA_HOME/bin:$PATH
    step "JDK $2 at $JAVA_HOME"
}

require_maven() {
    command -v mvn >/dev/null || fail 'mvn not found' 'apt-get install maven'
}

# have PACKAGE: whether there is what we use of it, wherever it came from.
have() {
    case $1 in
    postgresql) ls /usr/lib/postgresql/*/bin/initdb ;;
    ejabberd) command -v erl && [[ -r /usr/sbin/ejabberdctl ]] ;;
    python3-slixmpp) /usr/bin/python3 -c 'import slixmpp' ;;
    python3-cryptography) /usr/bin/python3 -c 'import cryptography' ;;
    *) command -v "$1" ;;
    esac >/dev/null 2>&1
}

# require_packages PACKAGE...: installs those of Debian that are missing.
require_packages() {
    local -a missing=()
    local package
    for package in "$@"; do
        have "$package" || missing+=("$package")
    done
    [[ ${#missing[@]} -gt 0 ]] || return 0
    local names="${missing[*]}"
    local hint="apt-get install --no-install-recommends $names (as root)"
    command -v apt-get >/dev/null || fail "not found: $names" 'these are names of Debian packages; install what they hold'
    [[ $(id -u) == 0 ]] || fail "not found, and only root may install: $names" "$hint"
    step "installing $names"
    if ! apt-get install -qq --simulate --no-install-recommends "${missing[@]}" >/dev/null 2>&1; then
        apt-get update -qq
    fi
    if ! install_packages "${missing[@]}"; then
        apt-get update -qq # the lists may be older than the archive
        install_packages "${missing[@]}" || fail "could not be installed: $names" "see above; by hand: $hint"
    fi
    for package in "${missing[@]}"; do
        have "$package" || fail "$package was installed but is not where it is looked for" "$hint"
    done
}

# We start servers of our own on loopback ports and never want the packaged services: those that come are kept from
# starting, now and at the next boot. Those that are there already are somebody's and left alone.
install_packages() {
    local -a units=()
    local unit status=0
    for unit in prosody.service ejabberd.service epmd.service epmd.socket postgresql.service; do
        [[ -e /lib/systemd/system/$unit ]] || units+=("$unit")
    done
    on_systemd mask "${units[@]}"
    # RUNLEVEL: for other inits than systemd, which start nothing in runlevel 1
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq -y --no-install-recommends "$@" </dev/null || status=$?
    on_systemd unmask "${units[@]}"
    for unit in "${units[@]}"; do
        if [[ -e /lib/systemd/system/$unit ]]; then
            disable "$unit"
        fi
    done
    return "$status"
}

# on_systemd mask|unmask UNIT...: until the next boot.
on_systemd() {
    if [[ -d /run/systemd/system && $# -gt 1 ]]; then
        systemctl --quiet --runtime "$@"
    fi
}

# disable UNIT: now, too, if it runs in spite of all. Each of these services has a user of its own name; PostgreSQL's is postgres.
disable() {
    local service=${1%.*}
    systemctl --quiet disable "$1" >/dev/null 2>&1 || true
    update-rc.d "$service" disable >/dev/null 2>&1 || true
    # not without need: to stop ejabberd starts an Erlang, and that an epmd
    if [[ -n $(find /proc -maxdepth 1 -user "${service/postgresql/postgres}" -print -quit 2>/dev/null) ]]; then
        service "$service" stop >/dev/null 2>&1 || true
    fi
}

# run_maven ARGUMENT...: without colour or transfer noise. Maven ends with us, also when only we are told to end.
run_maven() {
    local child status=0
    mvn -B -ntp -Dstyle.color=never "$@" </dev/null &
    child=$!
    trap 'kill "$child" 2>/dev/null; wait "$child" || true; exit 143' TERM
    trap 'kill "$child" 2>/dev/null; wait "$child" || true; exit 130' INT
    wait "$child" || status=$?
    trap - TERM INT
    return "$status"
}
