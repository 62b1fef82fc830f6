#!/bin/sh
# Runs a built distribution as a user would, from the shell: what tests inside the JVM cannot see.
#
#     tools/smoke-cli.sh [DISTRIBUTION]      default: cli/target/bunvec-*/
set -u

root=$(CDPATH= cd "$(dirname "$0")/.." && pwd -P)
distribution=${1:-$(ls -d "$root"/cli/target/bunvec-*/)}
bunvec=${distribution%/}/bin/bunvec
work=$(mktemp -d) || exit 1
export XDG_CACHE_HOME="$work/caches"
trap 'rm -rf "$work"' EXIT
checks=0
failures=0

# check NAME EXPECTED ACTUAL
check() {
  checks=$((checks + 1))
  if [ "$2" != "$3" ]; then
    failures=$((failures + 1))
    printf 'FAILED: %s\n  expected: %s\n  actual:   %s\n' "$1" "$2" "$3"
  fi
}

# Prints the first fields of JSON lines, the long vector left out.
fields() {
  sed 's/,"embedding".*//'
}

"$bunvec" embed --format jsonl 猫 >"$work/out" 2>"$work/err"
check "exit code" 0 $?
check "row" '{"text":"猫","tokens":3,"truncated":false' "$(fields <"$work/out")"
check "standard error is empty" "" "$(cat "$work/err")"
cat "$work/out" >"$work/expected"

# The first run leaves an archive of classes that the next ones start from.
archive=$(ls "$XDG_CACHE_HOME"/bunvec/classes-*.jsa)
check "an archive of classes" 1 "$(printf '%s\n' "$archive" | grep -c '/classes-[0-9]*\.jsa$')"
"$bunvec" embed --format jsonl 猫 >"$work/out" 2>"$work/err"
check "a run with it" "0 $(cat "$work/expected") " "$? $(cat "$work/out") $(cat "$work/err")"
printf 'damaged' >"$archive"
"$bunvec" embed --format jsonl 猫 >"$work/out" 2>"$work/err"
check "a run with a damaged one" "0 $(cat "$work/expected") " "$? $(cat "$work/out") $(cat "$work/err")"
rm "$archive"
XDG_CACHE_HOME=$work/expected "$bunvec" embed --format jsonl 猫 >"$work/out" 2>"$work/err"
check "a run without a place for it" "0 $(cat "$work/expected") " "$? $(cat "$work/out") $(cat "$work/err")"

env -i PATH="$PATH" HOME="$work" ${JAVA_HOME:+JAVA_HOME="$JAVA_HOME"} LC_ALL=C "$bunvec" embed --format jsonl 猫 >"$work/out" 2>"$work/err"
check "arguments in the C locale" "$(cat "$work/expected")" "$(cat "$work/out")"
LC_ALL=xx_XX.UTF-8 "$bunvec" embed --format jsonl 猫 >"$work/out"
check "arguments in a locale that is not installed" "$(cat "$work/expected")" "$(cat "$work/out")"
(cd / && printf '猫' | "$bunvec" embed --format jsonl --input -) >"$work/out"
check "standard input, another folder" "$(cat "$work/expected")" "$(cat "$work/out")"
ln -s "$bunvec" "$work/link"
"$work/link" embed --format jsonl 猫 >"$work/out"
check "through a link" "$(cat "$work/expected")" "$(cat "$work/out")"
for shell in dash bash "busybox sh"; do
  if command -v ${shell%% *} >/dev/null 2>&1; then
    $shell "$bunvec" embed --format jsonl 猫 >"$work/out"
    check "by $shell" "$(cat "$work/expected")" "$(cat "$work/out")"
  fi
done

"$bunvec" embed --stats 猫 2>&1 >/dev/null | cat >"$work/err"
check "statistics through a pipe" '{"texts":1,"tokens":3,"truncated":0' "$(sed 's/,"load.*//' "$work/err")"
{
  echo before >&2
  "$bunvec" embed --stats 猫 >/dev/null
  echo after >&2
} 2>"$work/err"
check "statistics into a file that others write to" 'before
{"texts":1,"tokens":3,"truncated":0
after' "$(sed 's/,"load.*//' "$work/err")"
"$bunvec" embed --format jsonl 猫 >"$work/out" 2>&-
check "standard error closed" "0 $(cat "$work/expected")" "$? $(cat "$work/out")"
"$bunvec" embed --output "$work/file.jsonl" 猫 >&- <&-
check "other streams closed" "0 $(cat "$work/expected")" "$? $(cat "$work/file.jsonl")"

"$bunvec" embed --model "$work/none" 猫 >"$work/out" 2>"$work/err"
check "exit code of a missing model" 3 $?
check "message" "bunvec: $work/none: no such model directory, and no model of the Hub, which is ORG/NAME or ORG/NAME@REVISION" "$(cat "$work/err")"
"$bunvec" embed --nonsense >"$work/out" 2>"$work/err"
check "exit code of a wrong command line" 2 $?
check "one line" 1 "$(wc -l <"$work/err" | tr -d ' ')"
i=0
while [ $i -lt 3000 ]; do
  i=$((i + 1))
  echo "$i"
done >"$work/lines"
{
  "$bunvec" embed --input "$work/lines" 2>"$work/err"
  echo $? >"$work/code"
} | head -n 1 >/dev/null
check "broken pipe" "141 " "$(cat "$work/code") $(cat "$work/err")"
BUNVEC_JAVA_OPTS=-Xmx17m "$bunvec" embed --input "$work/lines" >/dev/null 2>"$work/err"
check "out of memory" 3 $?
check "its message" "bunvec: out of memory" "$(cut -d: -f1,2 "$work/err")"
BUNVEC_JAVA_OPTS=-Xnonsense "$bunvec" info >/dev/null 2>"$work/err"
check "wrong options for the JVM are told" 1 "$(grep -c 'Xnonsense' "$work/err")"

# Models in directories: the tiny look-alikes that the tests use, too.
lookalikes=$root/engine/src/test/resources/io/github/bunvec/engine/lookalikes
"$bunvec" convert --model "$lookalikes/e-glucose" --output "$work/e" --dtype bf16 >"$work/out" 2>"$work/err"
check "convert" "0 1 " "$? $(grep -c '^model.safetensors: .* from pytorch_model.bin$' "$work/out") $(cat "$work/err")"
"$bunvec" info --model "$work/e" >"$work/out" 2>"$work/err"
check "info of what was converted" "0 model.safetensors bf16" \
  "$? $(sed -n 's/^weights  *//p' "$work/out") $(sed -n 's/^dtype  *//p' "$work/out")"
"$bunvec" convert --model "$lookalikes/e-glucose" --output "$work/e" >"$work/out" 2>"$work/err"
check "convert overwrites nothing" "3 1" "$? $(wc -l <"$work/err" | tr -d ' ')"
golden=$lookalikes/e-glucose.sentence-transformers.jsonl
"$bunvec" verify --model "$work/e" --reference "$golden" >"$work/out" 2>"$work/err"
check "verify" "0 0 of 69" "$? $(sed -n 's/^texts with other ids  *//p' "$work/out")"
"$bunvec" verify --model "$work/e" --tolerance 1e-9 --reference "$golden" >"$work/out" 2>"$work/err"
check "exit code of vectors that differ" 4 $?
printf 'score\ttext\ttext\n5\t猫\t猫\n1\t猫\t電車\n' >"$work/pairs.tsv"
"$bunvec" eval sts "$work/pairs.tsv" >"$work/out" 2>"$work/err"
check "eval sts" "0 2 1.0000" "$? $(sed -n 's/^pairs  *//p' "$work/out") $(sed -n 's/^spearman  *//p' "$work/out")"
"$bunvec" embed --precision ubinary --truncate-dim 8 --prompt "" 猫 >"$work/out" 2>"$work/err"
check "a byte for eight values" "0 1" "$? $(grep -cE '^[0-9]{1,3}$' "$work/out")"
"$bunvec" bench --seconds 1 >"$work/out" 2>"$work/err"
check "bench" "0 1 1 " "$? $(grep -c '^FMA ceiling' "$work/out") $(grep -c 'mixed Japanese' "$work/out") $(cat "$work/err")"
"$bunvec" bench --seconds 1 --json >"$work/out" 2>"$work/err"
check "bench as JSON" "0 1" "$? $(grep -c '^{.*"one_text":\[{.*}$' "$work/out")"

# Dictionaries and the Hub: nothing is installed, fetched or left behind.
BUNVEC_DICTIONARY=$work/none "$bunvec" dictionary list >"$work/out" 2>"$work/err"
check "dictionary list" "0 unidic_lite $work/none (named by BUNVEC_DICTIONARY)" "$? $(sed -n 2p "$work/out")"
BUNVEC_HOME=$work/data "$bunvec" dictionary install unidic-lite --from "$work/lines" >"$work/out" 2>"$work/err"
check "a file that is no dictionary" "3 bunvec: $work/lines: is no .tar.gz and no wheel of unidic-lite 1.0.8" \
  "$? $(cat "$work/err")"
check "no dictionary is left" "" "$(find "$work/data" -type f)"
BUNVEC_DICTIONARY=$work/none "$bunvec" info --model "$lookalikes/b-simcse-clcmlp" >"$work/out" 2>"$work/err"
check "exit code of a missing dictionary" "3 1" "$? $(wc -l <"$work/err" | tr -d ' ')"
"$bunvec" download --offline --cache "$work/hub" org/model >"$work/out" 2>"$work/err"
check "download refused offline" "3 1 " "$? $(grep -c 'offline, and not in the cache' "$work/err") $(cat "$work/out")"
HF_HUB_OFFLINE=1 HF_HOME=$work/hub "$bunvec" embed --model org/model 猫 >"$work/out" 2>"$work/err"
check "a model that is not in the cache" "3 1" "$? $(wc -l <"$work/err" | tr -d ' ')"

# An older Java first on the PATH, and none at all.
mkdir -p "$work/old/bin" "$work/empty"
printf 'JAVA_VERSION="17.0.1"\n' >"$work/old/release"
printf '#!/bin/sh\necho too old >&2\nexit 1\n' >"$work/old/bin/java"
chmod +x "$work/old/bin/java"
PATH="$work/old/bin:$PATH" "$bunvec" embed --format jsonl 猫 >"$work/out" 2>"$work/err"
check "older Java first on the PATH" "0 $(cat "$work/expected")" "$? $(cat "$work/out")"
sed "s#/usr/lib/jvm#$work/empty#; s#/usr/lib64/jvm/\* /usr/java/\* /usr/local/java/\* /opt/java/\* /opt/jdk\*##; s#/Library/Java.*openjdk.jdk/Contents/Home##" \
  "${distribution%/}/bin/find-jdk.sh" >"$work/find-jdk.sh"
mkdir -p "$work/copy/bin"
cp "$bunvec" "$work/copy/bin/"
cp "$work/find-jdk.sh" "$work/copy/bin/"
env -i PATH="$work/old/bin:/usr/bin:/bin" HOME="$work/empty" "$work/copy/bin/bunvec" info >"$work/out" 2>"$work/err"
check "exit code without a JDK" 1 $?
check "two lines without a JDK" "bunvec: no JDK 25 found 2" \
  "$(head -n 1 "$work/err" | cut -c1-23) $(wc -l <"$work/err" | tr -d ' ')"

mkdir "$work/plain"
cp -R "${distribution%/}/bin" "${distribution%/}/lib" "$work/plain/"
chmod -R a-w "$work/plain"
"$work/plain/bin/bunvec" embed --format jsonl 猫 >"$work/out" 2>"$work/err"
check "read-only folder" "0 $(cat "$work/expected") " "$? $(cat "$work/out") $(cat "$work/err")"
chmod -R u+w "$work/plain"

echo "smoke-cli: $checks checks, $failures failed"
[ $failures -eq 0 ]
