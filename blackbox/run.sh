# shellcheck shell=bash
# The command `modelward test`. The launcher reads this file; home, say, build and python_environment are the launcher's.

tests_usage() {
  cat <<'TEXT'
usage: modelward test                            all tests of the gate
       modelward test quick                      what finds most faults, in about three minutes
       modelward test unit [MODULE] [PATTERN]    tests in Java that need neither Python nor a server of their own
       modelward test blackbox [PYTEST ...]      tests in Python against the built product, as for pytest: -k rollouts
       modelward test mlflow [PYTEST ...]        the same with MLflow's clients and models
       modelward test heavy                      what takes minutes or downloads much; no part of the gate
       modelward test COMMAND --help             more about one of them
TEXT
}

tests_help() {
  case "$1" in
    all) cat <<'TEXT'
modelward test: runs every test of the gate, from a fresh clone too, and needs nothing that it does not install itself (but a JDK, Maven
and Python). The program is built first; then the tests in Java and the tests in Python run side by side. The end of what it prints names
the seconds of each phase, the 25 slowest tests and what failed. The whole output of each phase is in build/test.
TEXT
      ;;
    quick) cat <<'TEXT'
modelward test quick: the tests in Java that need no process of their own, beside the tests of the HTTP interface, bad input, models that
misbehave, the Python client and the worker. About three minutes. It is for the time between two changes; the gate is `modelward test`.
TEXT
      ;;
    unit) cat <<'TEXT'
modelward test unit [MODULE] [PATTERN]: compiles what has changed and runs tests in Java.
  modelward test unit                            all but those that start workers, servers or long simulations; under a minute
  modelward test unit gateway                    all of one module, also those
  modelward test unit gateway RouteTest          one class
  modelward test unit gateway 'RouteTest#under*' one method
MODULE is one of: core evaluator store store-postgres runtime registry gateway access server client cli app browser.
TEXT
      ;;
    blackbox) cat <<'TEXT'
modelward test blackbox [PYTEST ...]: builds the program when its sources changed, and runs python/tests and blackbox against it.
  modelward test blackbox -k "hung or stop"                    what has such a name
  modelward test blackbox blackbox/test_rollouts.py -x         one file, up to its first failure
  modelward test blackbox -n 0 -s blackbox/test_races.py       in one process, with what the test prints
All other words are given to pytest. Without -n the files are shared between two processes, each with a server of its own.
TEXT
      ;;
    mlflow) cat <<'TEXT'
modelward test mlflow [PYTEST ...]: runs blackbox/test_mlflow_*.py and blackbox/models with MLflow's client, then blackbox/ages with three
clients of other ages. Words after it are given to pytest, and then the other ages are left out:
  modelward test mlflow -k webhooks
TEXT
      ;;
    heavy) cat <<'TEXT'
modelward test heavy: new random walks of rollouts, new moments for a crash, and the tests that are marked heavy because they take minutes
or download more than the gate may. Run it before a change of these parts is called done. MODELWARD_SEEDS says how many walks (100).
TEXT
      ;;
  esac
}

test_command() {
  local command=all
  if [[ $# -gt 0 && "$1" != --help && "$1" != -h ]]; then
    command="$1"
    shift
  fi
  if [[ ! "$command" =~ ^(all|quick|unit|blackbox|mlflow|heavy)$ ]]; then
    say "modelward test: there is no command '$command'."
    tests_usage >&2
    exit 2
  fi
  if [[ "${1:-}" == --help || "${1:-}" == -h ]]; then
    if [[ "$command" == all ]]; then tests_usage; echo; fi
    tests_help "$command"
    exit 0
  fi
  if [[ $# -gt 0 && "$command" =~ ^(all|quick|heavy)$ ]]; then
    say "modelward test $command takes no further words."
    tests_usage >&2
    exit 2
  fi
  if [[ "$command" == unit && ( $# -gt 2 || ( $# -gt 0 && ! -f "$home/$1/pom.xml" ) ) ]]; then
    say "modelward test unit: there is no module '$1', or there are too many words."
    tests_help unit >&2
    exit 2
  fi
  cd "$home"
  reports="$home/build/test"
  mkdir -p "$reports"
  : >"$reports/phases"
  scratch="$(memory_folder)"
  # Workers and builds run as other users.
  chmod 1777 "$scratch"
  # shellcheck disable=SC2064
  trap "end_of_tests '$scratch'" EXIT
  "tests_$command" "$@"
}

end_of_tests() {
  local job
  for job in $(jobs -p); do
    end_all "$job"
  done
  rm -rf "$1"
}

# end_all PID: ends a process after those that it started.
end_all() {
  local child
  for child in $(ps -o pid= --ppid "$1"); do
    end_all "$child"
  done
  kill "$1" 2>/dev/null || true
}

# A folder for what tests write: in memory where there is room, since no test relies on a disk that survives a loss of power (those that
# look at what is left after one have a disk of their own that forgets).
memory_folder() {
  local free
  free="$(df --output=avail -k /dev/shm 2>/dev/null | tail -1)" || free=0
  if [[ -w /dev/shm && "${free:-0}" -gt 4194304 ]] && ! grep -q '^[^ ]* /dev/shm [^ ]* [^ ]*noexec' /proc/mounts; then
    mktemp -d /dev/shm/modelward-test.XXXXXX
  else
    mktemp -d
  fi
}

# phase NAME COMMAND...: runs it with its output in build/test/NAME.log, and notes how long it took.
phase() {
  local name="$1" from="$EPOCHREALTIME" status=0
  shift
  # What exits ends itself and not the tests.
  ("$@") >"$reports/$name.log" 2>&1 || status=$?
  awk -v name="$name" -v from="$from" -v now="$EPOCHREALTIME" -v status="$status" \
    'BEGIN { printf "%s\t%.0f\t%d\n", name, now - from, status }' >>"$reports/phases"
  printf '%-24s %s\n' "$name" "$(tail -1 "$reports/phases" | awk -F'\t' '{ print $2 " s" ($3 ? ", failed: build/test/" $1 ".log" : "") }')"
  return "$status"
}

# maven OPTION...: tests in Java. Classes that are newer than their sources are not compiled again, though a jar beside them is newer yet.
maven() {
  command -v mvn >/dev/null || { say "The tests need Maven 3.8 or newer (Debian: apt install maven)."; exit 2; }
  mvn --batch-mode --no-transfer-progress -Dmaven.compiler.useIncrementalCompilation=false -Dtest.tmp="$scratch" \
    -Dmaven.test.failure.ignore=true "$@"
}

# suite ENVIRONMENT REPORT PYTEST ARGUMENT...: runs tests in a Python environment. A report of an earlier run is none of this one.
suite() {
  local status=0
  rm -f "$reports/$2.xml"
  PYTHONPATH="$home/python/src" MODELWARD_LAUNCHER="$home/modelward" \
    "$home/build/$1/bin/python" -m pytest -q --color=no --basetemp="$scratch/$2" --junitxml="$reports/$2.xml" "${@:3}" || status=$?
  return "$status"
}

# A pytest of ours: two processes, each with a server of its own and whole files.
shared=(-n 2 --dist loadfile --no-loadscope-reorder)
black_box=(--ignore-glob='*/test_mlflow_*' --ignore=blackbox/models --ignore=blackbox/ages blackbox)
# What is tried once more with the catalog in PostgreSQL: what crashes and what races.
on_postgresql=(blackbox/test_crashes.py blackbox/test_races.py)
# The same, for which the gate has no time: rollouts that are killed are tried with SQLite there.
on_postgresql_too=(blackbox/test_rollout_crashes.py)

# PostgreSQL 15 as Debian has it: its programs only, without a server of the machine.
postgresql() {
  if [[ -x /usr/lib/postgresql/15/bin/initdb ]]; then return; fi
  if [[ "$(id -u)" != 0 ]]; then say "The tests need PostgreSQL 15 (Debian: apt install postgresql-15)."; exit 2; fi
  mkdir -p /etc/postgresql-common
  [[ -e /etc/postgresql-common/createcluster.conf ]] || echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -o Dpkg::Options::=--force-confold postgresql-15)
  "${install[@]}" || { apt-get update && "${install[@]}"; }
}

# Chromium as Debian has it, for the tests of the pages.
chromium() {
  if [[ ! -x /usr/bin/chromium ]]; then
    if [[ "$(id -u)" != 0 ]]; then say "The tests of the pages need Chromium (Debian: apt install chromium)."; exit 2; fi
    local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium)
    "${install[@]}" || { apt-get update && "${install[@]}"; }
  fi
  browser_tools
}

# The driver of the browser and the checks of accessibility: pinned packages for the Node that the tests of log-ins need too.
browser_tools() {
  local tools="$home/browser/tools" target="$home/build/browser" file
  if cmp -s "$tools/package-lock.json" "$target/installed"; then return; fi
  command -v npm >/dev/null || { say "The tests of the pages need Node 20 or newer with npm (Debian: apt install nodejs npm)."; exit 2; }
  mkdir -p "$target"
  for file in package.json package-lock.json; do
    cp "$tools/$file" "$target/$file"
  done
  (cd "$target" && npm ci --ignore-scripts --no-audit --no-fund) || exit 1
  # Where Playwright looks for its driver.
  ln -sfn node_modules/playwright-core "$target/package"
  cp "$tools/package-lock.json" "$target/installed"
}

# Makes the pictures in docs/images.
screenshots_command() {
  chromium
  python_environment python python/requirements-test.txt --compile-bytecode
  (cd "$home" && mvn --batch-mode --quiet -Dspotless.check.skip=true -pl browser -am -Dtest=DocumentImages \
    -Dsurefire.failIfNoSpecifiedTests=false test)
  say "The pictures are in docs/images."
}

java_tests() {
  rm -rf "$home"/*/target/surefire-reports
  maven -T 2 -Dmodelward.jar="$jar" -Dmodelward.cache="$caches/serve.aot" test spotless:check
}

# MLflow's clients of other ages than the one that most tests use.
ages=(mlflow-3.18 mlflow-3.10 mlflow-2.22)
environments() {
  python_environment python python/requirements-test.txt --compile-bytecode
  python_environment mlflow python/requirements-mlflow.txt
  # The lock of 3.18 is whole, and one of its packages asks for what was never released.
  python_environment mlflow-3.18 python/requirements-mlflow-3.18.txt --no-deps
  python_environment mlflow-3.10 python/requirements-mlflow-3.10.txt
  python_environment mlflow-2.22 python/requirements-mlflow-2.22.txt
}

age_tests() {
  local age failed=0 running=()
  for age in "${ages[@]}"; do
    suite "$age" "age-$age" blackbox/ages &
    running+=("$!")
  done
  for age in "${running[@]}"; do
    wait "$age" || failed=1
  done
  return "$failed"
}

summary() {
  "$home/build/python/bin/python" "$home/blackbox/summary.py" "$home" "$reports/phases" "$@"
}

tests_all() {
  local failed=0 age others=() java environments browser
  phase postgresql postgresql || { cat "$reports/postgresql.log" >&2; exit 1; }
  phase chromium chromium &
  browser=$!
  phase environments environments &
  environments=$!
  phase build build || { cat "$reports/build.log" >&2; exit 1; }
  wait "$browser" || { cat "$reports/chromium.log" >&2; exit 1; }
  wait "$environments" || { cat "$reports/environments.log" >&2; exit 1; }
  # Random models are made by a Python that has the packages of workers.
  MODELWARD_PYTHON="$home/build/python/bin/python" phase java java_tests &
  java=$!
  phase client suite python client "${shared[@]}" -m "not alone and not heavy" python/tests || failed=1
  phase black-box suite python black-box "${shared[@]}" -m "not alone and not heavy" "${long_first[@]}" "${black_box[@]}" || failed=1
  MODELWARD_CATALOG=postgresql phase black-box-postgresql suite python black-box-postgresql -n 2 --dist loadfile \
    -m "not heavy" "${on_postgresql[@]}" || failed=1
  phase mlflow-client suite mlflow mlflow-client "${shared[@]}" -m "not heavy" blackbox/test_mlflow_*.py || failed=1
  phase mlflow-models suite mlflow mlflow-models "${shared[@]}" -m "not heavy" blackbox/models || failed=1
  phase ages age_tests || failed=1
  wait "$java" || failed=1
  # What these measure is time, so nothing else runs beside them.
  phase client-alone suite python client-alone -m "alone and not heavy" python/tests || failed=1
  phase black-box-alone suite python black-box-alone -m "alone and not heavy" "${black_box[@]}" || failed=1
  for age in "${ages[@]}"; do
    others+=("MLflow's clients of other ages=$reports/age-$age.xml")
  done
  summary "client and worker=$reports/client.xml" "client and worker=$reports/client-alone.xml" \
    "black box=$reports/black-box.xml" "black box=$reports/black-box-alone.xml" \
    "black box on PostgreSQL=$reports/black-box-postgresql.xml" "MLflow's client=$reports/mlflow-client.xml" \
    "MLflow's models=$reports/mlflow-models.xml" "${others[@]}" || failed=1
  exit "$failed"
}

# The slowest files, which are begun first: else two processes end with one of them waiting for the other.
long_first=(blackbox/test_misbehaviour.py blackbox/test_crashes.py blackbox/test_rollout_crashes.py)

tests_quick() {
  local failed=0 java environment
  phase environment python_environment python python/requirements-test.txt --compile-bytecode &
  environment=$!
  phase build build || { cat "$reports/build.log" >&2; exit 1; }
  rm -rf "$home"/*/target/surefire-reports
  phase java maven -T 2 -Dmodelward.excluded="$not_unit" test &
  java=$!
  wait "$environment" || { cat "$reports/environment.log" >&2; exit 1; }
  phase black-box suite python black-box "${shared[@]}" -m "not alone and not heavy" "${quick_black_box[@]}" || failed=1
  phase client suite python client "${shared[@]}" -m "not alone and not heavy" "${quick_client[@]}" || failed=1
  wait "$java" || failed=1
  summary "client and worker=$reports/client.xml" "black box=$reports/black-box.xml" || failed=1
  exit "$failed"
}

# Tags of tests in Java that start workers, servers or simulations of many runs.
not_unit="heavy | process | simulation"
quick_black_box=(blackbox/test_misbehaviour.py blackbox/test_starts.py blackbox/test_bad_input.py blackbox/test_http.py)
quick_client=(python/tests/test_client.py python/tests/test_worker_faults.py python/tests/test_transport.py)

tests_unit() {
  local failed=0 module="${1:-}" pattern="${2:-}" options=(-Dsurefire.failIfNoSpecifiedTests=false)
  if [[ -z "$module" ]]; then
    options=(-T 2 -Dmodelward.excluded="$not_unit")
  else
    # A module is compiled with those that it needs, whose tests are not asked for.
    options+=(-pl "$module" -am "-Dtest=io/modelward/${module//-//}/**/${pattern:-*Test}")
  fi
  if [[ "$module" == browser ]]; then
    chromium >"$reports/chromium.log" 2>&1 || { cat "$reports/chromium.log" >&2; exit 1; }
    # Runs the models of the exhibit.
    python_environment python python/requirements-test.txt --compile-bytecode
  fi
  rm -rf "$home"/*/target/surefire-reports
  mvn --batch-mode --no-transfer-progress --quiet -Dmaven.compiler.useIncrementalCompilation=false -Dtest.tmp="$scratch" \
    "${options[@]}" test || failed=1
  "$(find_python)" "$home/blackbox/summary.py" --some "$home" "$reports/phases" || failed=1
  exit "$failed"
}

tests_blackbox() {
  postgresql
  python_environment python python/requirements-test.txt --compile-bytecode
  build
  if [[ -z "$(targets blackbox -- "$@")" ]]; then
    suite python black-box "${shared[@]}" -m "not heavy" "$@"
    exit
  fi
  # Two runs, since each has a conftest.py of its own. Words such as -k may leave one of them without a test, and not both.
  local status=0 other=0
  suite python client "${shared[@]}" -m "not heavy" "$@" python/tests || status=$?
  suite python black-box "${shared[@]}" -m "not heavy" "$@" "${black_box[@]}" || other=$?
  [[ "$status" -ne 5 ]] || status="$other"
  [[ "$other" -ne 5 ]] || other="$status"
  exit $((status ? status : other))
}

# targets DEFAULT... -- WORD...: the default paths, unless one of the words is a path.
targets() {
  local defaults=() word
  while [[ "$1" != -- ]]; do
    defaults+=("$1")
    shift
  done
  for word in "${@:2}"; do
    [[ "$word" == -* || ! -e "$home/${word%%::*}" ]] || return 0
  done
  printf '%s\n' "${defaults[@]}"
}

tests_mlflow() {
  local failed=0
  environments
  build
  if [[ $# -gt 0 ]]; then
    # shellcheck disable=SC2046
    suite mlflow mlflow-client -m "not heavy" $(targets blackbox/test_mlflow_*.py blackbox/models -- "$@") "$@"
    exit
  fi
  suite mlflow mlflow-client "${shared[@]}" -m "not heavy" blackbox/test_mlflow_*.py || failed=1
  suite mlflow mlflow-models -m "not heavy" blackbox/models || failed=1
  age_tests || failed=1
  exit "$failed"
}

tests_heavy() {
  local failed=0 seeds="${MODELWARD_SEEDS:-100}" first=$((RANDOM * 32768 + RANDOM)) turn
  postgresql
  chromium
  environments
  build
  say "The first seed of this run is $first."
  phase walks maven -pl gateway -am -Dmodelward.seed="$first" -Dmodelward.seeds="$seeds" -Dsurefire.failIfNoSpecifiedTests=false \
    -Dtest=RolloutModelTest -Dmaven.test.failure.ignore=false test || failed=1
  MODELWARD_PYTHON="$home/build/python/bin/python" phase heavy-java maven -Dmodelward.groups=heavy -Dmodelward.excluded=none \
    -Dmaven.test.failure.ignore=false test || failed=1
  for turn in 1 2 3; do
    MODELWARD_SEED=$((first + turn)) phase "crashes-$turn" suite python "crashes-$turn" blackbox/test_rollout_crashes.py || failed=1
  done
  MODELWARD_CATALOG=postgresql phase heavy-postgresql suite python heavy-postgresql -m "not heavy" "${on_postgresql_too[@]}" || failed=1
  phase heavy-black-box if_any suite python heavy -m heavy "${black_box[@]}" || failed=1
  phase heavy-client if_any suite python heavy-client -m heavy python/tests || failed=1
  phase heavy-mlflow if_any suite mlflow heavy-mlflow -m heavy blackbox/test_mlflow_*.py blackbox/models || failed=1
  exit "$failed"
}

# if_any COMMAND...: runs a pytest for which it is no failure to find no test.
if_any() {
  local status=0
  "$@" || status=$?
  [[ "$status" -eq 0 || "$status" -eq 5 ]]
}
