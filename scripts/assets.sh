#!/usr/bin/env bash
# Makes the fonts and the icon sprite in public/ from the npm packages of style/.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

fonts=style/node_modules/@fontsource-variable
icons=style/node_modules/lucide-static/icons

# One file for all icons: pages refer to them as /icons.svg#name and the WASM bundle holds none.
sprite() {
  local name file
  printf '<svg xmlns="http://www.w3.org/2000/svg">\n'
  while read -r name; do
    [[ -z $name || $name == \#* ]] && continue
    file=$icons/$name.svg
    [[ -f $file ]] || die "style/icons.txt: there is no icon named $name"
    printf '<symbol id="%s" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">' "$name"
    # The drawing alone: without the licence comment, the <svg> element and its attributes.
    tr '\n' ' ' <"$file" | sed -E 's/<!--[^>]*-->//; s/<svg[^>]*>//; s/<\/svg>//; s/ +/ /g; s/> </></g; s/^ //; s/ $//'
    printf '</symbol>\n'
  done <style/icons.txt
  printf '</svg>\n'
}

make_assets() {
  mkdir -p public/fonts
  # The Latin subsets cover the interface; names in other scripts fall back to the system's font.
  cp "$fonts/inter/files/inter-latin-wght-normal.woff2" public/fonts/inter.woff2
  cp "$fonts/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2" public/fonts/mono.woff2
  sprite >public/icons.svg.new
  mv public/icons.svg.new public/icons.svg
}

key=$(cat style/icons.txt style/package-lock.json scripts/assets.sh | checksum)
[[ -f public/icons.svg && -f public/fonts/inter.woff2 && -f public/fonts/mono.woff2 ]] || rm -f target/.assets
unless_stamped target/.assets "$key" "Making fonts and icons" make_assets
