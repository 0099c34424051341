#!/bin/busybox sh
count=0
while read -r line; do
  count=$((count + 1))
  echo "$count $line"
done
