# shellcheck shell=bash
# How the launchers in bash start Java.

# java_options FOLDER WORD: sets the array options to what the JVM is given for a command.
java_options() {
  local folder="$1" word="${2:-}"
  [[ "$word" =~ ^[a-z]+$ && "$word" != common && -f "$folder/$word" ]] || word=command
  options=("@$folder/common" "@$folder/$word")
  # Java does not read TMPDIR.
  [[ ! -d "${TMPDIR:-}" ]] || options+=("-Djava.io.tmpdir=$TMPDIR")
}

# java_temporary WORD: gives a server a temporary folder of its own, also for its native libraries. The server has the number of this
# process and removes the folder; when the server is killed, the next one does.
java_temporary() {
  local folder
  [[ "${1:-}" == serve ]] || return 0
  if folder="$(mktemp -d "${TMPDIR:-/tmp}/modelward-server-$$-XXXXXXXX" 2>/dev/null)"; then
    export TMPDIR="$folder"
  fi
}

# java_cache FOLDER WORD: adds the notes of the JVM on the classes that it needs, when they are there.
java_cache() {
  local file="$1/command.aot"
  [[ "${2:-}" != serve ]] || file="$1/serve.aot"
  [[ ! -r "$file" ]] || options+=("-XX:AOTCache=$file")
}

# java_rehearsal JAVA JAR OPTIONS FOLDER: has the JVM note in the folder what a start and what commands load. Later starts take half
# the time and memory, later commands a third. When it does not work out, both are slower and nothing else.
java_rehearsal() {
  local java="$1" jar="$2" folder="$4" scratch options serve status=0
  scratch="$(mktemp -d)"
  java_options "$3" serve
  serve=("$java" "${options[@]}" "-XX:AOTCacheOutput=$folder/serve.aot.new")
  java_options "$3" list
  "${serve[@]}" -cp "$jar" io.modelward.app.Rehearsal "$scratch" \
    "$java" "${options[@]}" "-XX:AOTCacheOutput=$folder/command.aot.new" -cp "$jar" io.modelward.app.Rehearsal \
    >"$scratch/said" 2>&1 </dev/null || status=$?
  if [[ "$status" -eq 0 && -s "$folder/serve.aot.new" && -s "$folder/command.aot.new" ]]; then
    mv "$folder/serve.aot.new" "$folder/serve.aot"
    mv "$folder/command.aot.new" "$folder/command.aot"
  else
    rm -f "$folder"/*.aot.new "$folder"/*.aot.new.config
    status=1
  fi
  rm -rf "$scratch"
  return "$status"
}
