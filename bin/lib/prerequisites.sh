# What bin/test and bin/quickstart both need: a JDK, Maven and a Prosody. Sourced, not run.

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

# Installs Debian's prosody when it is missing. We start Prosodies of our own on loopback ports and never want the
# packaged service: it is kept from starting, now and at the next boot.
require_prosody() {
    if command -v prosody >/dev/null; then
        return
    fi
    local hint='apt-get install --no-install-recommends prosody (as root)'
    command -v apt-get >/dev/null || fail 'prosody not found' 'install Prosody 0.12 or later so that "prosody" is on the PATH'
    [[ $(id -u) == 0 ]] || fail 'prosody not found, and only root may install it' "$hint"
    step 'installing prosody'
    if ! apt-cache show prosody >/dev/null 2>&1; then
        apt-get update -qq
    fi
    if ! install_prosody; then
        apt-get update -qq # the lists may be older than the archive
        install_prosody || fail 'prosody could not be installed' "see above; by hand: $hint"
    fi
    command -v prosody >/dev/null || fail 'prosody was installed but is not on the PATH' "$hint"
}

install_prosody() {
    local systemd='' status=0
    if [[ -d /run/systemd/system ]]; then
        systemd=yes
        systemctl --quiet --runtime mask prosody.service
    fi
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq -y --no-install-recommends prosody </dev/null || status=$?
    if [[ -n $systemd ]]; then
        systemctl --quiet --runtime unmask prosody.service
    fi
    if [[ $status == 0 ]]; then
        service prosody stop >/dev/null 2>&1 || true
        update-rc.d prosody disable >/dev/null 2>&1 || true
    fi
    return "$status"
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
