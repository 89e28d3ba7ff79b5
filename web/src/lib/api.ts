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
  completeness?: number; // part of the packets that was seen
  forgotten?: { distinct_hosts: number; hosts_refused: number; dropped_hosts: number };
  drops?: Record<string, number>;
  tcp?: Record<string, number>;
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
  names?: string | string[];
  name_sources?: { name: string; source: string }[];
  os?: string; // a guess
  os_evidence?: string | string[];
  flows_as_client?: number;
  flows_as_server?: number;
  flows_total?: number;
  flows_total_as_client?: number;
  flows_total_as_server?: number;
  peers_as_client?: number; // an estimate beyond 16, as the three that follow
  peers_as_server?: number;
  ports_contacted?: number;
  ports_served?: number;
  client_rtt_ms?: number;
  server_rtt_ms?: number;
  tcp_sent?: Record<string, number>;
  tcp_received?: Record<string, number>;
  is_partial?: boolean;
  application?: string;
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
  client_country?: string;
  server_country?: string;
  server_as_name?: string;
  server_name?: string | string[];
  http_host?: string | string[];
  user_name?: string | string[];
  client_rtt_ms?: number;
  server_rtt_ms?: number;
  application_latency_ms?: number;
  score?: number;
}

export interface ApplicationRow {
  name: string;
  category?: string;
  packets?: number;
  bytes?: number;
  flows?: number; // all there were
  active_flows?: number;
  hosts?: number;
  bytes_to_server?: number;
  bytes_to_client?: number;
  bits_per_second?: number;
}

// A country, AS, network, MAC address or VLAN.
export interface GroupRow {
  key: string;
  name?: string;
  hosts?: number;
  flows?: number; // open
  flows_total?: number;
  packets?: number;
  bytes?: number;
  bytes_sent?: number;
  bytes_received?: number;
  bytes_to_server?: number;
  bytes_to_client?: number;
  bits_per_second?: number;
  packets_per_second?: number;
  first_seen?: number;
  last_seen?: number;
}

// One that sends flow records.
export interface ExporterRow {
  id: string;
  interface?: string; // that hears it
  address?: string;
  source_ip?: string;
  source_port?: number;
  version?: string;
  transport?: string;
  domain?: number;
  first_seen?: number;
  last_seen?: number;
  messages?: number;
  message_bytes?: number;
  records?: number;
  records_per_second?: number;
  packets?: number;
  bytes?: number;
  bits_per_second?: number;
  packets_per_second?: number;
  templates?: number;
  options_records?: number;
  events?: number;
  sampling?: number; // one packet of so many
  sequence_lost?: number;
  sequence_gaps?: number;
  late_messages?: number;
  restarts?: number;
  repeated_messages?: number;
  duplicate_records?: number;
  duplicate_bytes?: number;
  clock_skew_s?: number;
  completeness?: number;
  waiting_sets?: number;
  dropped_sets?: number;
  unscaled_records?: number;
  absurd_sampling?: number;
  unread_records?: number;
  unread_sets?: number;
  errors?: Record<string, number>;
  interfaces?: ExporterInterface[];
  other_fields?: { field: string; sets?: number; last_value?: string }[];
}

export interface ExporterInterface {
  index: number;
  name?: string;
  description?: string;
  input?: { packets: number; bytes: number };
  output?: { packets: number; bytes: number };
  counters?: {
    speed_bps?: number; is_up?: boolean; in_errors?: number; in_discards?: number; out_errors?: number; out_discards?: number;
  };
}

export interface AlertRow {
  check: string;
  entity: string;
  severity: string;
  text?: string;
  since: number;
  ended?: number;
  state: string;
}

export interface TransactionRow {
  protocol: string;
  key: string;
  interface?: string;
  server_ip?: string;
  server_port?: number;
  servers?: number;
  flow?: string;
  is_other?: boolean;
  transactions?: number;
  errors?: number;
  unanswered?: number;
  transactions_per_second?: number;
  recent_count?: number;
  mean_ms?: number;
  min_ms?: number;
  max_ms?: number;
  p50_ms?: number;
  p95_ms?: number;
  p99_ms?: number;
  recent_p50_ms?: number;
  recent_p95_ms?: number;
  recent_p99_ms?: number;
  total_s?: number;
  slowest_part?: string;
  client_network_ms?: number; // the six parts are means of the transactions that could be split
  server_network_ms?: number;
  server_thinking_ms?: number;
  loss_recovery_ms?: number;
  zero_window_ms?: number;
  sender_idle_ms?: number;
  last_seen?: number;
}

// Flows put together by `group_by`: the fields they have in common, `count` and sums.
export interface FlowGroup extends Omit<FlowRow, 'id'> {
  count: number;
}

export interface PeerRow {
  address: string;
  flows?: number;
  flows_as_client?: number;
  flows_as_server?: number;
  bytes?: number;
  bytes_sent?: number;
  bytes_received?: number;
  bits_per_second?: number;
  first_seen?: number;
  last_seen?: number;
}

export interface ScriptRow {
  script: string;
  file?: string;
  about?: string;
  state?: string;
  error?: string;
  changed?: number;
  runs?: number;
  errors?: number;
  last_ms?: number;
  longest_ms?: number;
  last_error?: string;
}

export interface ScriptText extends ScriptRow {
  text?: string;
  can_change?: boolean;
}

export interface EventCounts {
  start: number;
  total: number;
  without: number;
  fields: { name: string; events: number }[];
  rows: { value: string; count: number; counts: number[] }[];
  other: { values: number; count: number; counts: number[] };
}

export interface SeriesAnswer {
  time: number;
  start: number; // the first second
  step: number;
  series: { name: string; bytes: (number | null)[]; packets: (number | null)[] }[];
  peaks?: { window_ms: number; bytes: (number | null)[] }; // the most within that time of each second
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

// What weir is asked to do at its start, and the answers.
export interface SetupAnswers {
  interfaces: string[]; // none: all that are up
  local: string[];      // none: the private ranges
  resolve: 'off' | 'local' | 'all';
}

export interface SetupInterface {
  name: string;
  is_up: boolean;
  is_loopback: boolean;
  is_watched: boolean;
  networks: string[];
  addresses: string[];
  bytes: number;
}

export interface Setup {
  asks: boolean; // nothing said what to watch, and nobody has answered yet
  may_change: boolean;
  why_not?: string;
  file?: string;    // where the answers are kept
  problem?: string; // why the last answers were not used
  answers: SetupAnswers;
  suggested: SetupAnswers;
  private: string[]; // what `local` stands for with none
  decided: Partial<Record<keyof SetupAnswers, string>>; // what the start itself said, and where: it cannot be changed here
  interfaces: SetupInterface[];
}
