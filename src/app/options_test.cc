// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/options.h"

#include <unistd.h>

#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace weir {
namespace {

using Arguments = std::vector<std::string>;

template <typename Options>
Options parsed(const Arguments& arguments) {
  auto command = parse_command_line(arguments);
  if (!command) {
    ADD_FAILURE() << command.error().message;
    return {};
  }
  if (!std::holds_alternative<Options>(*command)) {
    ADD_FAILURE() << "another command, number " << command->index();
    return {};
  }
  return std::get<Options>(*command);
}

std::string error_of(const Arguments& arguments) {
  const auto command = parse_command_line(arguments);
  return command ? "no error" : command.error().message;
}

std::string config(const std::string& text) {
  // Tests run side by side in processes of their own.
  const std::string path =
      fmt::format("{}weir_options_test_{}.toml", testing::TempDir(), ::getpid());
  std::ofstream(path) << text;
  return path;
}

TEST(Options, OfNothingWatchTheInterfacesThatAreUp) {
  const auto options = parsed<MonitorOptions>({});
  EXPECT_TRUE(options.sources.empty());
  EXPECT_EQ(options.http_address, "127.0.0.1");
  EXPECT_EQ(options.http_port, 3000);
  EXPECT_FALSE(options.insecure);
  EXPECT_TRUE(options.promiscuous);
  EXPECT_EQ(options.buffer_bytes, 0U);
  EXPECT_FALSE(options.busy_poll);
  EXPECT_TRUE(options.cpus.empty());
  EXPECT_FALSE(options.redis);
  EXPECT_EQ(options.resolved, ResolvedHosts::kLocal);
  EXPECT_EQ(options.tables.shards, 1U);
  EXPECT_EQ(options.tables.memory_bytes, 0U);
  EXPECT_EQ(options.tables.local_networks, default_local_networks());
}

TEST(Options, OfImportHostsAreAllHeard) {
  const auto options = parsed<ImportHostsOptions>({"import-hosts", "a.json", "-", "--data", "d",
                                                   "--interface", "eth0", "--remember-hosts", "1"});
  EXPECT_EQ(options.files, (Arguments{"a.json", "-"}));
  EXPECT_EQ(options.data_folder, "d");
  EXPECT_EQ(options.interface, "eth0");
  EXPECT_EQ(options.lifetime, std::chrono::days(1));
  EXPECT_EQ(parsed<ImportHostsOptions>({"import-hosts", "a", "--data", "d", "-i", "e"}).lifetime,
            std::chrono::days(7));
  EXPECT_EQ(error_of({"import-hosts", "a", "--data", "d"}), "--interface is required");
  EXPECT_EQ(error_of({"import-hosts", "a", "-i", "d"}), "--data is required");
  EXPECT_NE(error_of({"import-hosts", "--data", "d", "-i", "e"}), "no error");
}

TEST(Options, TellHowLongHostsAreRemembered) {
  EXPECT_EQ(parsed<MonitorOptions>({}).remember_hosts, std::chrono::days(7));
  EXPECT_EQ(parsed<MonitorOptions>({"--remember-hosts", "0"}).remember_hosts.count(), 0);
  EXPECT_NE(error_of({"--remember-hosts", "-1"}), "no error");
  EXPECT_NE(error_of({"--remember-hosts", "3651"}), "no error");
  EXPECT_NE(error_of({"--remember-hosts", "1.5"}), "no error");
}

TEST(Options, RefuseUrlsThatSayMoreThanWhereRequestsMayGo) {
  EXPECT_NE(error_of({"--allow-url", "ftp://example.org"}), "no error");
  EXPECT_NE(error_of({"--export", "flows.json"}), "no error");
  EXPECT_NE(error_of({"--instance", "a/b"}), "no error");
  EXPECT_NE(error_of({"--allow-url", "https://example.org/?a=b"}), "no error");
}

TEST(Options, OfMonitorAreAllHeard) {
  const auto options = parsed<MonitorOptions>({"monitor",
                                               "-i",
                                               "eth0",
                                               "-i",
                                               "eth1",
                                               "--http",
                                               "[::1]:8080",
                                               "--insecure",
                                               "--allow-host",
                                               "weir.example",
                                               "--data",
                                               "d",
                                               "--remember-hosts",
                                               "3",
                                               "--cache",
                                               "redis://u:p@h/1",
                                               "--resolve",
                                               "all",
                                               "--dns-server",
                                               "::1",
                                               "--bpf",
                                               "not port 22",
                                               "--no-promiscuous",
                                               "--libpcap",
                                               "--buffer",
                                               "8M",
                                               "--block-size",
                                               "1M",
                                               "--block-timeout",
                                               "5",
                                               "--busy-poll",
                                               "--cpus",
                                               "1,3",
                                               "--web-dir",
                                               "w",
                                               "--scripts",
                                               "s",
                                               "--edit-scripts",
                                               "--count-duplicates",
                                               "--export",
                                               "json:flows.json",
                                               "--export-every",
                                               "10",
                                               "--instance",
                                               "leaf",
                                               "--zmq-keys",
                                               "k",
                                               "--zmq-allow",
                                               "any",
                                               "--zmq-server-key",
                                               "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7",
                                               "--zmq-plain",
                                               "--allow-url",
                                               "https://hooks.example.org/weir",
                                               "--memory",
                                               "256M",
                                               "--shards",
                                               "2",
                                               "--local",
                                               "192.0.2.0/24",
                                               "--network",
                                               "office=10.1.0.0/16",
                                               "--network",
                                               "lab=2001:db8::/32",
                                               "--country-db",
                                               "c.mmdb",
                                               "--as-db",
                                               "a.mmdb",
                                               "--idle-timeout",
                                               "1",
                                               "--idle-timeout-two-way",
                                               "2",
                                               "--idle-timeout-tcp",
                                               "3",
                                               "--idle-timeout-closed",
                                               "4",
                                               "--idle-timeout-host",
                                               "5"});
  EXPECT_EQ(options.sources, (Arguments{"eth0", "eth1"}));
  EXPECT_EQ(options.http_address, "::1");
  EXPECT_EQ(options.http_port, 8080);
  EXPECT_TRUE(options.insecure);
  EXPECT_EQ(options.allowed_hosts, (Arguments{"weir.example"}));
  EXPECT_EQ(options.data_folder, "d");
  EXPECT_EQ(options.remember_hosts, std::chrono::days(3));
  EXPECT_EQ(options.resolved, ResolvedHosts::kAll);
  EXPECT_EQ(options.dns_server, "[::1]");
  ASSERT_TRUE(options.redis);
  EXPECT_EQ(options.redis->to_string(), "redis://h:6379/1");
  EXPECT_EQ(options.redis->password, "p");
  EXPECT_EQ(options.bpf, "not port 22");
  EXPECT_FALSE(options.promiscuous);
  EXPECT_TRUE(options.prefer_libpcap);
  EXPECT_EQ(options.buffer_bytes, size_t{8} << 20);
  EXPECT_EQ(options.block_bytes, size_t{1} << 20);
  EXPECT_EQ(options.block_timeout.count(), 5);
  EXPECT_TRUE(options.busy_poll);
  EXPECT_EQ(options.cpus, (std::vector<uint32_t>{1, 3}));
  EXPECT_EQ(options.web_folder, "w");
  EXPECT_EQ(options.scripts_folder, "s");
  EXPECT_TRUE(options.edits_scripts);
  EXPECT_TRUE(options.counts_duplicates);
  EXPECT_EQ(options.exports, (Arguments{"json:flows.json"}));
  EXPECT_EQ(options.export_every, std::chrono::seconds(10));
  EXPECT_EQ(options.instance, "leaf");
  EXPECT_EQ(options.zmq.keys_file, "k");
  EXPECT_EQ(options.zmq.allow, (Arguments{"any"}));
  EXPECT_EQ(options.zmq.server_key, "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7");
  EXPECT_TRUE(options.zmq.allows_plain);
  EXPECT_EQ(options.allowed_urls, (Arguments{"https://hooks.example.org/weir"}));
  EXPECT_EQ(options.tables.memory_bytes, size_t{256} << 20);
  EXPECT_EQ(options.tables.shards, 2U);
  EXPECT_EQ(options.tables.local_networks, (std::vector<Prefix>{*Prefix::parse("192.0.2.0/24")}));
  EXPECT_EQ(options.tables.places.country_file, "c.mmdb");
  EXPECT_EQ(options.tables.places.as_file, "a.mmdb");
  ASSERT_EQ(options.tables.places.networks.size(), 2U);
  EXPECT_EQ(options.tables.places.networks[1].name, "lab");
  EXPECT_EQ(options.tables.places.networks[1].prefix, *Prefix::parse("2001:db8::/32"));
  EXPECT_EQ(options.tables.timeouts.flow.count(), 1);
  EXPECT_EQ(options.tables.timeouts.flow_two_way.count(), 2);
  EXPECT_EQ(options.tables.timeouts.flow_established.count(), 3);
  EXPECT_EQ(options.tables.timeouts.flow_closed.count(), 4);
  EXPECT_EQ(options.tables.timeouts.host.count(), 5);
}

TEST(Options, TakeANamedNetworkBeforeAFile) {
  const auto options = parsed<ReadOptions>(
      {"read", "--network", "office=10.1.0.0/16", "--network", "lab=10.2.0.0/16", "a.pcap"});
  EXPECT_EQ(options.files, (Arguments{"a.pcap"}));
  EXPECT_EQ(options.tables.places.networks.size(), 2U);
  EXPECT_NE(error_of({"read", "--network", "office", "a.pcap"}).find("NAME="), std::string::npos);
  const std::string file = config("network = [\"office=10.1.0.0/16\", \"lab=10.2.0.0/16\"]\n");
  EXPECT_EQ(parsed<MonitorOptions>({"--config", file}).tables.places.networks.size(), 2U);
}

TEST(Options, NeedNoCommandToWatch) {
  EXPECT_EQ(parsed<MonitorOptions>({"-i", "eth0"}).sources, (Arguments{"eth0"}));
}

TEST(Options, OfReadAreAllHeard) {
  const auto options = parsed<ReadOptions>(
      {"read", "a.pcap", "b.pcap", "--json", "--flows", "f.jsonl", "--hosts", "h.jsonl", "--no-dpi",
       "--protocols", "p.toml", "--repeat", "3", "--shards", "2"});
  EXPECT_EQ(options.files, (Arguments{"a.pcap", "b.pcap"}));
  EXPECT_TRUE(options.json);
  EXPECT_EQ(options.flows_file, "f.jsonl");
  EXPECT_EQ(options.hosts_file, "h.jsonl");
  EXPECT_FALSE(options.tables.inspects);
  EXPECT_EQ(options.tables.protocols_file, "p.toml");
  EXPECT_EQ(options.repeat, 3U);
  EXPECT_EQ(options.tables.shards, 2U);
}

TEST(Options, OfReadNeverForgetHosts) {
  EXPECT_EQ(parsed<ReadOptions>({"read", "a.pcap"}).tables.timeouts.host, IdleTimeouts::kNever);
  EXPECT_EQ(parsed<ReadOptions>({"read", "a.pcap", "--idle-timeout-host", "9"})
                .tables.timeouts.host.count(),
            9);
  EXPECT_EQ(parsed<ReadOptions>({"read", "a.pcap"}).tables.local_networks,
            default_local_networks());
}

TEST(Options, ReadStandardInputOnce) {
  EXPECT_EQ(parsed<ReadOptions>({"read", "-", "--shards", "2"}).files, (Arguments{"-"}));
  constexpr std::string_view kRefused =
      "standard input can be read only once: leave out --repeat, or give a file";
  EXPECT_EQ(error_of({"read", "a.pcap", "-", "--repeat", "2"}), kRefused);
}

TEST(Options, KnowTheSmallCommands) {
  parsed<VersionOptions>({"version"});
  parsed<VersionOptions>({"--version"});
  parsed<ProtocolsOptions>({"protocols"});
  EXPECT_EQ(parsed<CheckConfigOptions>({"check-config", "f"}).file, "f");
  EXPECT_EQ(error_of({"check-config"}), "check-config takes one file");
  EXPECT_EQ(error_of({"check-config", "a", "b"}), "check-config takes one file");
}

TEST(Options, AskForHelpAnywhere) {
  EXPECT_EQ(parsed<HelpOptions>({"help"}).topic, "");
  EXPECT_EQ(parsed<HelpOptions>({"--help"}).topic, "");
  EXPECT_EQ(parsed<HelpOptions>({"help", "filter"}).topic, "filter");
  EXPECT_EQ(parsed<HelpOptions>({"read", "--help"}).topic, "read");
  EXPECT_EQ(parsed<HelpOptions>({"monitor", "-i", "eth0", "-h"}).topic, "monitor");
}

TEST(Options, RefuseWhatIsNotThere) {
  EXPECT_EQ(error_of({"reed", "a.pcap"}), "there is no command \"reed\": see weir help");
  EXPECT_NE(error_of({"monitor", "--colour"}).find("--colour"), std::string::npos);
  EXPECT_NE(error_of({"monitor", "eth0"}).find("eth0"), std::string::npos) << "the -i is missing";
  EXPECT_NE(error_of({"read"}).find("FILE"), std::string::npos);
}

TEST(Options, RefuseValuesThatMakeNoSense) {
  EXPECT_NE(error_of({"--memory", "lots"}).find("\"lots\" is no size"), std::string::npos);
  for (const char* size : {"300K", "64K", "32M", "0", "x"}) {
    EXPECT_NE(error_of({"--block-size", size}).find("is no size of a block"), std::string::npos);
  }
  EXPECT_NE(error_of({"--cache", "memcached://h"}).find("write redis://HOST"), std::string::npos);
  EXPECT_EQ(error_of({"--cache", "redis://user:secret@h:x"}).find("secret"), std::string::npos);
  EXPECT_NE(error_of({"--cpus", "0-"}).find("\"0-\" is no list"), std::string::npos);
  EXPECT_NE(error_of({"--http", "here"}).find("\"here\" is no address"), std::string::npos);
  EXPECT_NE(error_of({"--local", "home"}).find("\"home\" is no network"), std::string::npos);
  for (const Arguments& arguments : {Arguments{"--shards", "0"},
                                     {"--shards", "65"},
                                     {"--shards", "x"},
                                     {"--idle-timeout", "-1"},
                                     {"--idle-timeout", "1.5"},
                                     {"--block-timeout", "0"},
                                     {"-i"},
                                     {"--memory"},
                                     {"read", "a", "--repeat", "0"}}) {
    EXPECT_NE(error_of(arguments), "no error") << arguments.front() << ' ' << arguments.back();
  }
}

TEST(Options, MayStandInAFile) {
  const std::string path = config(
      "interface = [\"eth0\", \"eth1\"]\nhttp = \"127.0.0.1:8080\"\nshards = 2\nno-promiscuous = "
      "true\n");
  const auto options = parsed<MonitorOptions>({"--config", path});
  EXPECT_EQ(options.sources, (Arguments{"eth0", "eth1"}));
  EXPECT_EQ(options.http_port, 8080);
  EXPECT_EQ(options.tables.shards, 2U);
  EXPECT_FALSE(options.promiscuous);
  EXPECT_EQ(parsed<MonitorOptions>({"--config", path, "--http", "9090"}).http_port, 9090)
      << "the command line comes first";
}

TEST(Options, OfAFileAreThoseOfToml) {
  const std::string path = config(
      "instance = \"rack #1\" # a comment\nbpf = \"\"\"port 22 # or\"\"\"\n"
      "cache = \"redis://:s#cret@127.0.0.1\"\nallow-host = [\n  \"a#1\",\n  \"b\",\n]\n"
      "data = \"\"\nnetwork = []\nshards = 2\n");
  const auto options = parsed<MonitorOptions>({"--config", path});
  EXPECT_EQ(options.instance, "rack #1");
  EXPECT_EQ(options.bpf, "port 22 # or");
  ASSERT_TRUE(options.redis);
  EXPECT_EQ(options.redis->password, "s#cret");
  EXPECT_EQ(options.allowed_hosts, (Arguments{"a#1", "b"}));
  EXPECT_EQ(options.data_folder, "");
  EXPECT_TRUE(options.tables.places.networks.empty());
  EXPECT_EQ(options.tables.shards, 2U) << "what follows a list counts";
}

TEST(Options, OfAFileMayHaveTheirLetterAndWordsWithoutQuotes) {
  const auto options = parsed<MonitorOptions>({"--config", config("i = \"lo\"\nmemory = 64M\n")});
  EXPECT_EQ(options.sources, Arguments{"lo"});
  EXPECT_EQ(options.tables.memory_bytes, size_t{64} << 20);
}

TEST(Options, OfAFileAreWrongInALine) {
  const std::string path = config("\nbogus = 1\n");
  EXPECT_EQ(error_of({"--config", path}), path + ":2: bogus is no option");
  config("shards = 2\nmemory = \"lots\"\n");
  EXPECT_EQ(error_of({"--config", path}).find(path + ":2: --memory: \"lots\" is no size"), 0U)
      << error_of({"--config", path});
  EXPECT_EQ(error_of({"--config", path, "--memory", "1M"}).find(path + ":2: "), 0U)
      << "also where the command line decides";
  config("shards = [1, 2]\n");
  EXPECT_EQ(error_of({"--config", path}).find(path + ":1: "), 0U);
  config("insecure = \"perhaps\"\n");
  EXPECT_EQ(error_of({"--config", path}).find(path + ":1: "), 0U);
  config("config = \"other.toml\"\n");
  EXPECT_EQ(error_of({"--config", path}), path + ":1: config: a file cannot name another");
}

TEST(Options, OfAFileAreChecked) {
  EXPECT_NE(error_of({"--config", config("memory = \"lots\"\n")}).find("\"lots\" is no size"),
            std::string::npos);
  EXPECT_NE(error_of({"--config", config("colour = \"red\"\n")}).find("colour"), std::string::npos)
      << "a misspelt name";
  EXPECT_NE(error_of({"--config", "/nonexistent.toml"}).find("/nonexistent.toml"),
            std::string::npos);
}

MonitorOptions from(const Arguments& arguments, const Environment& environment) {
  const auto command = parse_command_line(arguments, environment);
  if (!command) {
    ADD_FAILURE() << command.error().message;
    return {};
  }
  return std::get<MonitorOptions>(*command);
}

TEST(Options, MayStandInTheEnvironment) {
  const auto options = from({}, {{"WEIR_INTERFACE", "eth0,eth1"},
                                 {"WEIR_MEMORY", "256M"},
                                 {"WEIR_HTTP", "127.0.0.1:8080"},
                                 {"WEIR_INSECURE", "true"},
                                 {"WEIR_NO_PROMISCUOUS", "true"},
                                 {"WEIR_NO_DPI", "false"},
                                 {"WEIR_IDLE_TIMEOUT_TWO_WAY", "7"},
                                 {"WEIR_NETWORK", "office=10.1.0.0/16,lab=10.2.0.0/16"},
                                 {"WEIR_LOCAL", "10.0.0.0/8,192.0.2.0/24"},
                                 {"WEIR_CACHE", "redis://u:p@h"},
                                 {"WEIR_COLOUR", "red"}});
  EXPECT_EQ(options.sources, (Arguments{"eth0", "eth1"}));
  EXPECT_EQ(options.tables.memory_bytes, size_t{256} << 20);
  EXPECT_EQ(options.http_port, 8080);
  EXPECT_TRUE(options.insecure);
  EXPECT_FALSE(options.promiscuous);
  EXPECT_TRUE(options.tables.inspects);
  EXPECT_EQ(options.tables.timeouts.flow_two_way.count(), 7);
  EXPECT_EQ(options.tables.places.networks.size(), 2U);
  EXPECT_EQ(options.tables.local_networks.size(), 2U);
  ASSERT_TRUE(options.redis);
  EXPECT_EQ(options.redis->password, "p");
}

TEST(Options, TakeTheCommandLineBeforeTheEnvironmentBeforeTheFile) {
  const std::string path = config(
      "http = \"127.0.0.1:1\"\nmemory = \"1M\"\nshards = 2\ninterface = [\"file0\", \"file1\"]\n");
  const Environment environment{{"WEIR_HTTP", "127.0.0.1:2"},
                                {"WEIR_MEMORY", "2M"},
                                {"WEIR_INTERFACE", "env0"},
                                {"WEIR_CONFIG", path}};
  const auto options = from({"-i", "line0", "--http", "127.0.0.1:3"}, environment);
  EXPECT_EQ(options.sources, (Arguments{"line0"}));
  EXPECT_EQ(options.http_port, 3);
  EXPECT_EQ(options.tables.memory_bytes, size_t{2} << 20);
  EXPECT_EQ(options.tables.shards, 2U) << "only the file says so";
  EXPECT_EQ(from({}, environment).sources, (Arguments{"env0"}));
  EXPECT_EQ(from({"--config", path}, {}).http_port, 1);
}

TEST(Options, OfTheEnvironmentAreChecked) {
  const auto error = [](const Environment& environment) {
    const auto command = parse_command_line({}, environment);
    return command ? "no error" : command.error().message;
  };
  EXPECT_NE(error({{"WEIR_MEMORY", "lots"}}).find("WEIR_MEMORY: "), std::string::npos);
  EXPECT_NE(error({{"WEIR_MEMORY", "lots"}}).find("\"lots\" is no size"), std::string::npos);
  EXPECT_NE(error({{"WEIR_INSECURE", "perhaps"}}).find("WEIR_INSECURE: "), std::string::npos);
  EXPECT_NE(error({{"WEIR_CONFIG", "/nonexistent.toml"}}).find("/nonexistent.toml"),
            std::string::npos);
  EXPECT_EQ(error({{"WEIR_SHARDS", "2"}, {"WEIR_MEMORY", "2M"}}), "no error");
  EXPECT_TRUE(parse_command_line({"read", "a.pcap"}, {{"WEIR_MEMORY", "lots"}}))
      << "only monitor looks there";
}

TEST(Options, ThatApplyAreTold) {
  const std::string path = config(
      "http = \"127.0.0.1:1\"\nno-promiscuous = true\ninterface = [\"eth0\", \"eth1\"]\n"
      "cache = \"redis://u:secret@h\"\n");
  const auto applied = options_that_apply(path, {{"WEIR_HTTP", "8080"}, {"WEIR_NO_DPI", "true"}});
  ASSERT_TRUE(applied) << applied.error().message;
  std::string text;
  for (const AppliedOption& each : applied->list)
    text += fmt::format("{}={} {}\n", each.name, each.value, each.variable);
  EXPECT_NE(text.find("http=8080 WEIR_HTTP\n"), std::string::npos) << text;
  EXPECT_NE(text.find("no-dpi=true WEIR_NO_DPI\n"), std::string::npos) << text;
  EXPECT_NE(text.find("no-promiscuous=true \n"), std::string::npos) << text;
  EXPECT_NE(text.find("interface=eth0, eth1 \n"), std::string::npos) << text;
  EXPECT_NE(text.find("cache=redis://h:6379/0 \n"), std::string::npos) << text;
  EXPECT_EQ(applied->list.size(), 5U);
  EXPECT_FALSE(options_that_apply(path, {{"WEIR_HTTP", "here"}}));
}

TEST(Options, AreThoseOfTheSchema) {
  std::ifstream file(WEIR_SOURCE_DIR "/schema/options.json");
  const std::string schema{std::istreambuf_iterator<char>(file), {}};
  const std::vector<std::string> names = monitor_option_names();
  size_t in_schema = 0;
  for (size_t at = 0; (at = schema.find("{\"name\": ", at)) != std::string::npos; ++at) ++in_schema;
  EXPECT_EQ(names.size(), in_schema);
  for (const std::string& name : names)
    EXPECT_NE(schema.find("{\"name\": \"" + name + "\","), std::string::npos) << name;
}

TEST(Environment, HasTheVariablesOfWeir) {
  const char* const variables[] = {
      "HOME=/root", "WEIR_HTTP=1=2", "WEIR_EMPTY=", "WEIR_TORN", "XWEIR_A=1", nullptr};
  EXPECT_EQ(weir_variables(variables), (Environment{{"WEIR_HTTP", "1=2"}}));
  EXPECT_EQ(variable_of("idle-timeout"), "WEIR_IDLE_TIMEOUT");
}

TEST(Environment, SaysWhereAUsersConfigurationIs) {
  const auto folder = [](std::vector<const char*> variables) {
    variables.push_back(nullptr);
    return config_folder(variables.data());
  };
  EXPECT_EQ(folder({"HOME=/home/ann"}), "/home/ann/.config/weir");
  EXPECT_EQ(folder({"HOME=/home/ann", "XDG_CONFIG_HOME=/etc/ann"}), "/etc/ann/weir");
  EXPECT_EQ(folder({"XDG_CONFIG_HOME=relative", "HOME=/home/ann"}), "/home/ann/.config/weir");
  EXPECT_EQ(folder({"XDG_CONFIG_HOME=", "HOME="}), "");
  EXPECT_EQ(folder({}), "");
}

}  // namespace
}  // namespace weir
