# Finds a JDK 25 and sets JAVA_HOME to it. Sourced by mvnw, bunvec and the distribution's bin/bunvec.
#
# Looks at JAVA_HOME, the java on the PATH, then where systems and tools put JDKs. A JDK's version is read from its
# file "release" and not asked of the program: starting a JVM for each candidate would cost more than the work.

# Succeeds when $1 is the home of a Java 25 with the Vector API.
is_jdk_25() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  grep -q '^JAVA_VERSION="25[".]' "$1/release" && grep -q 'jdk\.incubator\.vector' "$1/release"
}

# Sets JAVA_HOME, or says in two lines on standard error what to install.
find_jdk() {
  if [ -n "${JAVA_HOME-}" ] && is_jdk_25 "$JAVA_HOME"; then
    export JAVA_HOME
    return 0
  fi
  found=$(jdk_candidates | while IFS= read -r home; do
    if is_jdk_25 "$home"; then
      printf '%s\n' "$home"
      break
    fi
  done)
  if [ -n "$found" ]; then
    JAVA_HOME=$found
    export JAVA_HOME
    return 0
  fi
  echo "bunvec: no JDK 25 found in JAVA_HOME, on the PATH, or where systems, SDKMAN and IDEs install JDKs." >&2
  echo "Install one (any vendor; e.g. 'sdk install java 25-tem' or your package manager) or set JAVA_HOME to it." >&2
  return 1
}

# Prints the homes to try, best first, one a line. Runs in a subshell: it turns file-name expansion on.
jdk_candidates() (
  set +f
  if java_on_path=$(command -v java); then
    # Follow links: /usr/bin/java usually points into the real home.
    while link=$(readlink "$java_on_path"); do
      case $link in
        /*) java_on_path=$link ;;
        *) java_on_path=${java_on_path%/*}/$link ;;
      esac
    done
    printf '%s\n' "${java_on_path%/bin/java}"
  fi
  printf '%s\n' \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java/* /opt/java/* /opt/jdk* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "${SDKMAN_DIR:-${HOME-}/.sdkman}"/candidates/java/* "${HOME-}"/.jdks/* \
    "${HOME-}"/Library/Java/JavaVirtualMachines/*/Contents/Home
)
