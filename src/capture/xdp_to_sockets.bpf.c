// SPDX-License-Identifier: GPL-3.0-or-later
// Runs in the kernel on each packet an interface receives: those of a queue that has a socket go to
// it, the others on to the network stack.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

// By queue number. Made as large as the interface has queues before the program is loaded.
struct {
  __uint(type, BPF_MAP_TYPE_XSKMAP);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u32);
} sockets SEC(".maps");

SEC("xdp")
int xdp_to_sockets(struct xdp_md *context) {
  return bpf_redirect_map(&sockets, context->rx_queue_index, XDP_PASS);
}

char LICENSE[] SEC("license") = "GPL";
