// SPDX-License-Identifier: GPL-3.0-or-later
// The answers of weir's REST resources and of its stream, as the pages read them. A field that weir does not know is absent.
// Times are seconds since 1970, rates are those of the last whole second.

export interface ListAnswer<Row> {
  time: number;
  total: number;
  offset: number;
  rows: Row[];
}

export interface Share {
  name: string;
  packets: number;
  bytes: number;
}

export interface InterfaceRow {
  id: string;
  name?: string;
  state?: string; // running, ended or failed
  error?: string;
  first_seen?: number;
  last_seen?: number;
  packets?: number;
  bytes?: number;
  captured_bytes?: number;
  bits_per_second?: number;
  packets_per_second?: number;
  flows?: number; // active
  hosts?: number; // active
  flows_total?: number;
  hosts_total?: number;
  kernel_drops?: number;
  interface_drops?: number;
  protocols?: Share[];
  ethertypes?: Share[];
  not_decoded?: Record<string, number>;
  other?: { packets: number; bytes: number };
}

export interface HostRow {
  key: string; // address, or address@vlan.vlan
  interface?: string;
  address?: string;
  vlan?: number[];
  is_local?: boolean;
  mac?: string;
  first_seen?: number;
  last_seen?: number;
  packets?: number;
  bytes?: number;
  packets_sent?: number;
  packets_received?: number;
  bytes_sent?: number;
  bytes_received?: number;
  bits_per_second?: number;
  bits_per_second_sent?: number;
  bits_per_second_received?: number;
  packets_per_second?: number;
  flows?: number; // active
  tcp_bytes?: number;
  udp_bytes?: number;
  icmp_bytes?: number;
  other_bytes?: number;
  name?: string;
  mac_vendor?: string;
  network?: string;
  country?: string;
  as_number?: number;
  as_name?: string;
  os?: string; // a guess
  applications?: { name: string; bytes_sent: number; bytes_received: number }[];
}

export interface FlowRow {
  id: string;
  interface?: string;
  vlan?: number[];
  protocol?: number;
  protocol_name?: string;
  client_ip?: string;
  client_port?: number;
  server_ip?: string;
  server_port?: number;
  client_mac?: string;
  server_mac?: string;
  packets?: number;
  bytes?: number;
  packets_to_server?: number;
  packets_to_client?: number;
  bytes_to_server?: number;
  bytes_to_client?: number;
  first_seen?: number;
  last_seen?: number;
  duration_s?: number;
  bits_per_second?: number;
  bits_per_second_to_server?: number;
  bits_per_second_to_client?: number;
  packets_per_second?: number;
  application?: string;
  category?: string;
  confidence?: string;
  state?: string;
  end_reason?: string; // absent while active
  tcp_flags_to_server?: number; // the byte of the header, or-ed
  tcp_flags_to_client?: number;
  tunnel?: string;
}

export interface ApplicationRow {
  name: string;
  category?: string;
  packets?: number;
  bytes?: number;
  flows?: number;
  bits_per_second?: number;
}

export interface SeriesAnswer {
  time: number;
  start: number; // the first second
  step: number;
  series: { name: string; bytes: (number | null)[]; packets: (number | null)[] }[];
}

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

// weir's own state. Its shape grows with weir, so the page walks it and does not name its members.
export type HealthAnswer = { [name: string]: Json };

// application/problem+json, and the `err` message of the stream.
export interface Problem {
  status?: number;
  title?: string;
  detail?: string;
  parameter?: string;
  column?: number; // 1-based, in the filter
}
