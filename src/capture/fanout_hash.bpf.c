// SPDX-License-Identifier: GPL-3.0-or-later
// Runs in the kernel: tells PACKET_FANOUT which source of a group a packet is for. The answer is a
// hash of the innermost flow that is the same for both directions, so that a flow inside tunnels
// meets one shard whatever is around it. Follows src/decode; where that would be too long for the
// kernel (L2TP, CAPWAP, TZSP, source routes) the hash is that of the tunnel's two ends.
// Owner of the map: the group; it lives as long as one of its sockets. Cost: 60 to 150 ns a packet.
#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

// Set by fanout_program.cc before the program is loaded.
const volatile __u64 seed = 0;           // nobody outside can tell which flows go together
const volatile __u32 link_header = 14;   // 14: frames begin with Ethernet; 0: with IP

enum {
  kMaxHeaders = 24,
  kPacketOutgoing = 4,  // PACKET_OUTGOING of linux/if_packet.h

  // What comes next: an ethertype, or one of these.
  kIpProtocol = 0x10000,  // and the protocol's number
  kPpp = 0x20000,
  kEthernet = 0x6558,
  kVlan = 0x8100,
  kIpv4 = 0x0800,
  kIpv6 = 0x86dd,
  kMpls = 0x8847,
  kDone = 0x30000,
};

struct fragment {
  __u64 ends;  // a hash of the two addresses, not the same for both directions
  __u32 id;
  __u32 protocol;
};

// Later fragments follow the first one, as they do within one shard (FragmentTable).
struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 8192);
  __type(key, struct fragment);
  __type(value, __u32);
} fragments SEC(".maps");

struct walk {
  __u32 offset;
  __u32 next;
  __u64 source;  // hashes of the addresses of the innermost IP header
  __u64 destination;
  __u32 hash;         // so far
  __u32 is_v6;
  __u32 is_guess;     // only a port said that this is a tunnel
  __u32 is_fragment;  // `fragment` is the first of a fragmented datagram
  struct fragment fragment;
};

static __always_inline int load(struct __sk_buff *skb, __u32 offset, void *to, __u32 size) {
  return bpf_skb_load_bytes(skb, offset, to, size) == 0;
}

static __always_inline __u64 mix(__u64 x) {
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93ULL;
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93ULL;
  return x ^ x >> 32;
}

static __always_inline __u32 symmetric(__u64 one, __u64 other) {
  return mix(one + other) >> 32;
}

static __always_inline void begin_ip(struct walk *walk, __u64 source, __u64 destination) {
  walk->source = source;
  walk->destination = destination;
  walk->hash = symmetric(source, destination);
  walk->is_guess = 0;
  walk->is_fragment = 0;
}

// Notes a fragment. A later one ends the walk: with the hash of its first, if that was seen.
static __always_inline void fragment(struct walk *walk, __u32 id, __u32 protocol, int is_later) {
  walk->fragment.ends = mix(walk->source ^ walk->destination << 1);
  walk->fragment.id = id;
  walk->fragment.protocol = protocol;
  walk->is_fragment = !is_later;
  if (!is_later) return;
  __u32 *first = bpf_map_lookup_elem(&fragments, &walk->fragment);
  if (first) walk->hash = *first;
  walk->next = kDone;
}

static __always_inline void ipv4(struct __sk_buff *skb, struct walk *walk) {
  struct {
    __u8 version, tos;
    __be16 length, id, offset;
    __u8 ttl, protocol;
    __be16 checksum;
    __be32 source, destination;
  } ip;
  walk->next = kDone;
  if (!load(skb, walk->offset, &ip, sizeof ip)) return;
  const __u32 header = (ip.version & 15) * 4;
  const __u32 length = bpf_ntohs(ip.length);
  if (ip.version >> 4 != 4 || header < sizeof ip || (length != 0 && length < header)) return;
  if (walk->is_guess && !walk->is_fragment && (length == 0 || length > skb->len - walk->offset))
    return;
  begin_ip(walk, mix(seed ^ ip.source), mix(seed ^ ip.destination));
  walk->is_v6 = 0;
  walk->offset += header;
  walk->next = kIpProtocol | ip.protocol;
  const __u32 offset = bpf_ntohs(ip.offset);
  if (offset & 0x3fff) fragment(walk, ip.id, ip.protocol, offset & 0x1fff);
}

static __always_inline void ipv6(struct __sk_buff *skb, struct walk *walk) {
  struct {
    __u8 version, flow[3];
    __be16 length;
    __u8 next, hops;
    __u64 source[2], destination[2];
  } ip;
  walk->next = kDone;
  if (!load(skb, walk->offset, &ip, sizeof ip) || ip.version >> 4 != 6) return;
  if (walk->is_guess && !walk->is_fragment &&
      bpf_ntohs(ip.length) + sizeof ip > skb->len - walk->offset)
    return;
  begin_ip(walk, mix(mix(seed ^ ip.source[0]) ^ ip.source[1]),
           mix(mix(seed ^ ip.destination[0]) ^ ip.destination[1]));
  walk->is_v6 = 1;
  walk->offset += sizeof ip;
  walk->next = kIpProtocol | ip.next;
}

static __always_inline void ipv6_fragment(struct __sk_buff *skb, struct walk *walk) {
  struct {
    __u8 next, reserved;
    __be16 offset;
    __u32 id;
  } header;
  walk->next = kDone;
  if (!load(skb, walk->offset, &header, sizeof header)) return;
  walk->offset += sizeof header;
  walk->next = kIpProtocol | header.next;
  const __u32 offset = bpf_ntohs(header.offset);
  if (offset & 0xfff9) fragment(walk, header.id, header.next, offset & 0xfff8);
}

// `unit`, `extra`: the header's length is (its second byte + extra) * unit.
static __always_inline void extension(struct __sk_buff *skb, struct walk *walk, __u32 unit,
                                      __u32 extra) {
  __u8 header[2];
  walk->next = kDone;
  if (!load(skb, walk->offset, header, sizeof header)) return;
  walk->offset += (header[1] + extra) * unit;
  walk->next = kIpProtocol | header[0];
}

static __always_inline void gre(struct __sk_buff *skb, struct walk *walk) {
  __be16 header[2];
  walk->next = kDone;
  if (!load(skb, walk->offset, header, sizeof header)) return;
  const __u32 flags = bpf_ntohs(header[0]);
  const __u32 type = bpf_ntohs(header[1]);
  const int version = flags & 7;
  // Source routes (RFC 1701) are not followed.
  if (version > 1 || (version == 0 && flags & 0x4000)) return;
  walk->offset += 4;
  if (version == 0 && flags & 0x8000) walk->offset += 4;
  if (flags & 0x2000) walk->offset += 4;
  if (flags & 0x1000) walk->offset += 4;
  if (version == 1 && flags & 0x0080) walk->offset += 4;
  walk->next = type;
  if (type == 0x88be || type == 0x22eb) {  // ERSPAN; type I has no header
    __u8 erspan[12] = {};
    walk->next = kEthernet;
    if (type == 0x88be && !(flags & 0x1000)) return;
    if (!load(skb, walk->offset, erspan, 8)) return;
    walk->offset += 8;
    if (erspan[0] >> 4 == 1) return;
    if (!load(skb, walk->offset, erspan, 4)) return;
    walk->offset += erspan[3] & 1 ? 12 : 4;
  }
}

static __always_inline __u32 ip_by_version(struct __sk_buff *skb, struct walk *walk) {
  __u8 version = 0;
  if (!load(skb, walk->offset, &version, 1)) return kDone;
  return version >> 4 == 4 ? kIpv4 : version >> 4 == 6 ? kIpv6 : kDone;
}

static __always_inline void mpls(struct __sk_buff *skb, struct walk *walk) {
  __u8 label[4];
  walk->next = kDone;
  if (!load(skb, walk->offset, label, sizeof label)) return;
  walk->offset += sizeof label;
  walk->next = kMpls;
  if (!(label[2] & 1)) return;
  __u8 first = 0;
  if (!load(skb, walk->offset, &first, 1)) return;
  walk->next = ip_by_version(skb, walk);
  if (walk->next != kDone) return;
  if (first >> 4 == 0) walk->offset += 4;  // a control word
  walk->next = kEthernet;
}

static __always_inline void ppp(struct __sk_buff *skb, struct walk *walk) {
  __u8 header[4] = {};
  walk->next = kDone;
  if (!load(skb, walk->offset, header, sizeof header)) return;
  __u32 at = header[0] == 0xff && header[1] == 3 ? 2 : 0;
  __u32 protocol = at ? header[2] : header[0];
  walk->offset += at + 1;
  if (!(protocol & 1)) {
    protocol = protocol << 8 | (at ? header[3] : header[1]);
    walk->offset += 1;
  }
  if (protocol == 0x21) walk->next = kIpv4;
  if (protocol == 0x57) walk->next = kIpv6;
  if (protocol == 0x281 || protocol == 0x283) walk->next = kMpls;
}

static __always_inline void gtp_u(struct __sk_buff *skb, struct walk *walk) {
  __u8 header[12];
  if (!load(skb, walk->offset, header, 8) || header[0] >> 4 != 3 || header[1] != 255) return;
  walk->offset += 8;
  if (header[0] & 7) {
    if (!load(skb, walk->offset, header + 8, 4)) return;
    walk->offset += 4;
    __u8 type = header[0] & 4 ? header[11] : 0;
    for (int i = 0; i < 4 && type != 0; ++i) {
      __u8 units = 0;
      if (!load(skb, walk->offset, &units, 1) || units == 0) return;
      walk->offset += units * 4;
      if (!load(skb, walk->offset - 1, &type, 1)) return;
    }
    if (type != 0) return;
  }
  walk->next = ip_by_version(skb, walk);
}

static __always_inline void vxlan(struct __sk_buff *skb, struct walk *walk) {
  __u8 header[8];
  if (!load(skb, walk->offset, header, sizeof header) || !(header[0] & 8) || header[7] != 0) return;
  walk->offset += sizeof header;
  walk->next = kEthernet;
  if (!(header[0] & 4)) return;
  const __u32 type = header[3];
  walk->next = type == 1   ? kIpv4
               : type == 2 ? kIpv6
               : type == 3 ? kEthernet
               : type == 5 ? kMpls
                           : kDone;
}

static __always_inline void geneve(struct __sk_buff *skb, struct walk *walk) {
  __u8 header[8];
  if (!load(skb, walk->offset, header, sizeof header)) return;
  if (header[0] >> 6 != 0 || (header[1] & 0x3f) != 0 || header[7] != 0) return;
  walk->offset += sizeof header + (header[0] & 0x3f) * 4;
  walk->next = header[2] << 8 | header[3];
}

static __always_inline void teredo(struct __sk_buff *skb, struct walk *walk) {
  __u8 header[4];
  if (!load(skb, walk->offset, header, sizeof header)) return;
  if (header[0] == 0 && header[1] == 1) {
    walk->offset += 13 + header[2] + header[3];
    if (!load(skb, walk->offset, header, sizeof header)) return;
  }
  if (header[0] == 0 && header[1] == 0) walk->offset += 8;
  walk->next = ip_by_version(skb, walk);
  if (walk->next == kIpv4) walk->next = kDone;
}

// The two ports: added to the hash. Later fragments are found by what this makes.
static __always_inline int ports(struct __sk_buff *skb, struct walk *walk, __be16 *port) {
  walk->next = kDone;
  if (!load(skb, walk->offset, port, 4)) return 0;
  walk->hash = symmetric(mix(walk->source ^ port[0]), mix(walk->destination ^ port[1]));
  return 1;
}

static __always_inline void udp(struct __sk_buff *skb, struct walk *walk) {
  __be16 port[2];
  if (!ports(skb, walk, port)) return;
  const __u32 low = bpf_ntohs(port[0]);
  __u32 tunnel = bpf_ntohs(port[1]);
  for (int i = 0; i < 2; ++i) {
    walk->is_guess = 1;
    switch (tunnel) {
      case 2152:
        walk->offset += 8;
        return gtp_u(skb, walk);
      case 4789:
      case 4790:
      case 8472:
        walk->offset += 8;
        return vxlan(skb, walk);
      case 6081:
        walk->offset += 8;
        return geneve(skb, walk);
      case 3544:
        walk->offset += 8;
        return teredo(skb, walk);
      case 1701:   // L2TP
      case 5247:   // CAPWAP
      case 37008:  // TZSP
        walk->hash = symmetric(walk->source, walk->destination);
        return;
      default:
        tunnel = low;
    }
  }
}

static __always_inline void ip_protocol(struct __sk_buff *skb, struct walk *walk, __u32 protocol) {
  __be16 port[2];
  if (walk->is_v6) {
    switch (protocol) {
      case 0:    // hop-by-hop options
      case 43:   // routing
      case 60:   // destination options
      case 135:  // mobility
        return extension(skb, walk, 8, 1);
      case 44:
        return ipv6_fragment(skb, walk);
    }
  }
  switch (protocol) {
    case 17:
      return udp(skb, walk);
    case 6:
    case 33:   // DCCP
    case 132:  // SCTP
    case 136:  // UDP-Lite
      ports(skb, walk, port);
      return;
    case 4:
      walk->next = kIpv4;
      return;
    case 41:
      walk->next = kIpv6;
      return;
    case 47:
      return gre(skb, walk);
    case 51:
      return extension(skb, walk, 4, 2);
    case 97:
      walk->offset += 2;
      walk->next = kEthernet;
      return;
    case 137:
      walk->next = kMpls;
      return;
    default:
      walk->next = kDone;
  }
}

static __always_inline void ethertype(struct __sk_buff *skb, struct walk *walk) {
  __be16 type = 0;
  __be16 pppoe = 0;
  switch (walk->next) {
    case kEthernet:
      walk->next = load(skb, walk->offset + 12, &type, 2) ? bpf_ntohs(type) : kDone;
      walk->offset += 14;
      return;
    case kVlan:
    case 0x88a8:
    case 0x9100:
    case 0x9200:
    case 0x9300:
      walk->next = load(skb, walk->offset + 2, &type, 2) ? bpf_ntohs(type) : kDone;
      walk->offset += 4;
      return;
    case kMpls:
    case 0x8848:
      return mpls(skb, walk);
    case 0x8864:
      walk->next = load(skb, walk->offset, &pppoe, 2) && bpf_ntohs(pppoe) == 0x1100 ? kPpp : kDone;
      walk->offset += 6;
      return;
    case 0x880b:
    case kPpp:
      return ppp(skb, walk);
    default:
      walk->next = kDone;
  }
}

// A function that is not static is checked by the kernel once, not once for each turn of the loop:
// the program loads in milliseconds instead of seconds.
__attribute__((noinline)) int next_header(struct __sk_buff *skb, struct walk *walk) {
  if (!walk) return 0;
  if (walk->next == kIpv4)
    ipv4(skb, walk);
  else if (walk->next == kIpv6)
    ipv6(skb, walk);
  else if ((walk->next & ~0xffU) == kIpProtocol)
    ip_protocol(skb, walk, walk->next & 0xff);
  else
    ethertype(skb, walk);
  return 0;
}

SEC("socket")
int fanout_hash(struct __sk_buff *skb) {
  struct walk walk = {};
  // The kernel shows what was received from its network header on, what is sent from the frame's
  // first byte.
  const int has_frame = skb->pkt_type == kPacketOutgoing && link_header != 0;
  walk.next = has_frame          ? kEthernet
              : link_header == 0 ? ip_by_version(skb, &walk)
                                 : bpf_ntohs(skb->protocol);
  for (int i = 0; i < kMaxHeaders && walk.next != kDone; ++i) next_header(skb, &walk);
  if (walk.is_fragment) bpf_map_update_elem(&fragments, &walk.fragment, &walk.hash, BPF_ANY);
  return walk.hash;
}

char LICENSE[] SEC("license") = "GPL";
