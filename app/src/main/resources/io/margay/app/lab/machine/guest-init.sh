#!/bin/busybox sh
# The first and only process of the lab's virtual machine: brings up the network, then answers.
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t devtmpfs dev /dev

for word in $(cat /proc/cmdline); do
  case $word in
    margay.address=*) address=${word#*=} ;;
    margay.gateway=*) gateway=${word#*=} ;;
  esac
done

for module in /modules/*; do
  case $module in *.xz) unxz "$module"; module=${module%.xz} ;; esac
  insmod "$module" || echo "guest: $module is not loaded"
done

ip link set lo up
ip link set eth0 up
ip address add "$address/32" dev eth0
ip route add "$gateway" dev eth0
ip route add default via "$gateway" dev eth0
echo "guest: ready as $address"
# Each connection gets a counter of its own: it goes on only as long as the connection does.
exec nc -ll -p 7 -e /session
