// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ndpi_classifier.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/byte_reader.h"
#include "dpi/application_names.h"
#include "dpi/ndpi/api.h"
#include "dpi/ndpi/memory_count.h"
#include "record/applications.h"

namespace weir {
namespace {

constexpr size_t kMaxPooledFlows = 64;
constexpr size_t kMaxHostNameBytes = 255;

std::string_view view_of(const char* text) {
  return text == nullptr ? std::string_view() : std::string_view(text);
}

// nDPI's numbers for confidence differ between versions, its words do not.
Confidence confidence_of(const ndpi_api::Flow& flow) {
  const std::string_view text = view_of(ndpi_confidence_get_name(flow.confidence));
  if (text.starts_with("DPI") || text == "Match by custom rule") return Confidence::kPayload;
  if (text == "Match by IP") return Confidence::kAddress;
  if (text == "Match by port") return Confidence::kPort;
  return Confidence::kNone;
}

// The two addresses of an IP packet; neither when it has no whole header.
struct Ends {
  IpAddress source;
  IpAddress destination;
};
Ends ends_of(std::span<const uint8_t> packet) {
  const ByteReader reader(packet);
  Ends ends;
  std::array<uint8_t, 32> bytes{};
  const bool is_v6 = reader.u8(0) >> 4 == 6;
  if (!reader.copy(is_v6 ? 8 : 12, bytes.data(), is_v6 ? 32 : 8)) return ends;
  ends.source = is_v6 ? IpAddress::from_v6(bytes.data()) : IpAddress::from_v4(bytes.data());
  ends.destination =
      is_v6 ? IpAddress::from_v6(bytes.data() + 16) : IpAddress::from_v4(bytes.data() + 4);
  return ends;
}

// The number of the protocol that owns a host name; 0 for none.
uint16_t match_name(ndpi_api::Module* module, std::string_view name,
                    ndpi_protocol_match_result& result) {
  std::array<char, kMaxHostNameBytes + 1> text{};
  if (name.empty() || name.size() > kMaxHostNameBytes) return 0;
  std::ranges::transform(name, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  const int id = ndpi_match_string_subprotocol(module, text.data(),
                                               static_cast<unsigned>(name.size()), &result);
  return id > 0 ? static_cast<uint16_t>(id) : uint16_t{0};
}

NdpiVerdict final_unknown() {
  NdpiVerdict verdict;
  verdict.is_final = true;
  return verdict;
}

// Whose names were lately. A name is asked for again and again, and nDPI's automaton walks through
// megabytes for each of its letters.
class RecentNames {
 public:
  // The number of the protocol that owns the name; nothing when it was not looked for lately.
  [[nodiscard]] std::optional<uint16_t> find(std::string_view name) const {
    const Entry& entry = entries_[slot_of(name)];
    if (name.empty() || name != std::string_view(entry.name.data(), entry.size))
      return std::nullopt;
    return entry.protocol;
  }
  void keep(std::string_view name, uint16_t protocol) {
    Entry& entry = entries_[slot_of(name)];
    if (name.size() > entry.name.size()) return;
    entry.size = static_cast<uint16_t>(name.copy(entry.name.data(), name.size()));
    entry.protocol = protocol;
  }

 private:
  struct Entry {
    uint16_t protocol = 0;
    uint16_t size = 0;
    std::array<char, 60> name;
  };
  static constexpr size_t kEntries = 512;

  static size_t slot_of(std::string_view name) {
    return std::hash<std::string_view>{}(name) % kEntries;
  }

  std::array<Entry, kEntries> entries_{};
};

struct ExitModule {
  void operator()(ndpi_api::Module* module) const { ndpi_exit_detection_module(module); }
};

}  // namespace

struct NdpiParts {
  std::unique_ptr<ndpi_api::Module, ExitModule> module;
  std::vector<std::string_view> names;       // by nDPI's number, in our spelling
  std::vector<std::string_view> categories;  // by nDPI's number of a category
  std::vector<ndpi_api::Flow*> pool;         // all zero, as nDPI wants a new one
  RecentNames recent_names;
  ptrdiff_t flow_bytes = 0;

  ~NdpiParts() {
    for (ndpi_api::Flow* flow : pool) ndpi_flow_free(flow);
  }
  [[nodiscard]] std::string_view name(uint16_t id) const {
    return id != 0 && id < names.size() ? names[id] : std::string_view();
  }
  [[nodiscard]] std::string_view category(unsigned id) const {
    return id < categories.size() ? categories[id] : std::string_view();
  }
  [[nodiscard]] std::string_view category_of(uint16_t id) const {
    return category(
        static_cast<unsigned>(ndpi_get_proto_category(module.get(), ndpi_api::protocol_of(id))));
  }
  ndpi_api::Flow* take_flow();
  void put_back(ndpi_api::Flow* flow);
  [[nodiscard]] NdpiVerdict verdict(const NdpiFlowState& state) const;
  [[nodiscard]] NdpiVerdict last_word(const NdpiFlowState& state) const;
  [[nodiscard]] bool is_by_address(const NdpiFlowState& state) const;
};

struct NdpiFlowState {
  NdpiParts* owner = nullptr;
  ndpi_api::Flow* flow = nullptr;
  ndpi_protocol protocol{};
  Ends ends;
  unsigned packets = 0;
};

void NdpiFlow::Release::operator()(NdpiFlowState* state) const {
  state->owner->put_back(state->flow);
  delete state;
}

ndpi_api::Flow* NdpiParts::take_flow() {
  if (!pool.empty()) {
    ndpi_api::Flow* flow = pool.back();
    pool.pop_back();
    return flow;
  }
  const NdpiMemoryCount count(flow_bytes);
  void* memory = ndpi_flow_malloc(sizeof(ndpi_api::Flow));
  if (memory != nullptr) std::memset(memory, 0, sizeof(ndpi_api::Flow));
  return static_cast<ndpi_api::Flow*>(memory);
}

void NdpiParts::put_back(ndpi_api::Flow* flow) {
  const NdpiMemoryCount count(flow_bytes);
  if (pool.size() == kMaxPooledFlows) {
    ndpi_flow_free(flow);
    return;
  }
  ndpi_free_flow_data(flow);
  std::memset(flow, 0, sizeof *flow);
  pool.push_back(flow);
}

NdpiVerdict NdpiParts::verdict(const NdpiFlowState& state) const {
  NdpiVerdict verdict;
  verdict.master = name(ndpi_api::master_of(state.protocol));
  verdict.application = name(ndpi_api::application_of(state.protocol));
  if (verdict.master.empty()) verdict.master = std::exchange(verdict.application, {});
  if (verdict.application == verdict.master) verdict.application = {};
  verdict.category = category(static_cast<unsigned>(state.protocol.category));
  verdict.confidence = verdict.master.empty() ? Confidence::kNone : confidence_of(*state.flow);
  return verdict;
}

// nDPI before 4.10 lets an address name what rides on a protocol and does not say that it did.
bool NdpiParts::is_by_address(const NdpiFlowState& state) const {
  const uint16_t application = ndpi_api::application_of(state.protocol);
  const char* host = state.flow->host_server_name;
  ndpi_protocol_match_result result{};
  const size_t length = strnlen(host, sizeof state.flow->host_server_name);
  if (match_name(module.get(), {host, length}, result) == application) return false;
  return ndpi_api::match_address(module.get(), state.ends.source) == application ||
         ndpi_api::match_address(module.get(), state.ends.destination) == application;
}

NdpiVerdict NdpiParts::last_word(const NdpiFlowState& state) const {
  NdpiVerdict verdict = this->verdict(state);
  verdict.is_final = true;
  verdict.is_application_by_address = !verdict.application.empty() && is_by_address(state);
  return verdict;
}

NdpiModule::NdpiModule(std::unique_ptr<NdpiParts> parts) : parts_(std::move(parts)) {}
NdpiModule::~NdpiModule() = default;

Result<std::unique_ptr<NdpiModule>> NdpiModule::create() {
  static std::mutex creating;
  const std::lock_guard lock(creating);
  static std::once_flag installed;
  std::call_once(installed, NdpiMemoryCount::install);
  if (ndpi_detection_get_sizeof_ndpi_flow_struct() != sizeof(ndpi_api::Flow))
    return Error{"nDPI: the library is not the version that weir was built for"};
  auto parts = std::make_unique<NdpiParts>();
  parts->module.reset(ndpi_api::create());
  if (parts->module == nullptr) return Error{"nDPI: no memory"};
  const unsigned count = ndpi_api::protocol_count(parts->module.get());
  for (unsigned id = 0; id < count && id <= UINT16_MAX; ++id) {
    const char* name = ndpi_get_proto_name(parts->module.get(), static_cast<uint16_t>(id));
    parts->names.push_back(canonical_application(view_of(name)));
  }
  for (unsigned id = 0; id < NDPI_PROTOCOL_NUM_CATEGORIES; ++id) {
    const char* name =
        ndpi_category_get_name(parts->module.get(), static_cast<ndpi_protocol_category_t>(id));
    parts->categories.push_back(canonical_category(view_of(name)));
  }
  std::unique_ptr<NdpiModule> made(new NdpiModule(std::move(parts)));
  made->name_applications();
  return made;
}

NdpiFlow NdpiModule::begin() {
  NdpiFlow flow;
  ndpi_api::Flow* memory = parts_->take_flow();
  if (memory == nullptr) return flow;
  flow.state_.reset(new NdpiFlowState{parts_.get(), memory, {}, {}, 0});
  return flow;
}

NdpiVerdict NdpiModule::inspect(NdpiFlow& flow, std::span<const uint8_t> packet, Timestamp when) {
  NdpiFlowState* state = flow.state_.get();
  if (state == nullptr) return final_unknown();
  constexpr uint64_t kMilliseconds = 1000;
  constexpr uint32_t kNanosecondsInOne = 1'000'000;
  if (state->packets++ == 0) state->ends = ends_of(packet);
  {
    const NdpiMemoryCount count(parts_->flow_bytes);
    state->protocol =
        ndpi_api::process(parts_->module.get(), state->flow,
                          packet.first(std::min<size_t>(packet.size(), UINT16_MAX)),
                          when.seconds * kMilliseconds + when.nanoseconds / kNanosecondsInOne);
  }
  if (state->packets == kMaxPackets) return give_up(flow);
  if (!ndpi_api::is_done(parts_->module.get(), state->flow, state->protocol))
    return parts_->verdict(*state);
  return parts_->last_word(*state);
}

NdpiVerdict NdpiModule::give_up(NdpiFlow& flow) {
  NdpiFlowState* state = flow.state_.get();
  if (state == nullptr) return final_unknown();
  if (ndpi_api::application_of(state->protocol) == 0) {
    const NdpiMemoryCount count(parts_->flow_bytes);
    state->protocol = ndpi_api::give_up(parts_->module.get(), state->flow);
  }
  return parts_->last_word(*state);
}

void NdpiModule::copy_metadata(const NdpiFlow& flow, const NdpiVerdict& verdict,
                               FlowMetadata& metadata) {
  // nDPI's protocols share their memory: what is there is a hash only when this is the protocol.
  if (flow.state_ == nullptr || verdict.master != "BitTorrent" || !verdict.application.empty())
    return;
  const auto& hash = flow.state_->flow->protos.bittorrent.hash;
  if (std::ranges::all_of(hash, [](uint8_t byte) { return byte == 0; })) return;
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const uint8_t byte : hash) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 0xf];
  }
  metadata.add(MetadataField::kBittorrentHash, text);
}

NdpiLabel NdpiModule::match_host(std::string_view name) const {
  const std::optional<uint16_t> recent = parts_->recent_names.find(name);
  ndpi_protocol_match_result result{};
  const uint16_t id = recent ? *recent : match_name(parts_->module.get(), name, result);
  if (!recent) parts_->recent_names.keep(name, id);
  return id == 0 ? NdpiLabel{} : NdpiLabel{parts_->name(id), parts_->category_of(id)};
}

NdpiLabel NdpiModule::match_address(const IpAddress& address) const {
  const uint16_t id = ndpi_api::match_address(parts_->module.get(), address);
  return id == 0 ? NdpiLabel{} : NdpiLabel{parts_->name(id), parts_->category_of(id)};
}

void NdpiModule::name_applications() const {
  for (size_t id = 1; id < parts_->names.size(); ++id) {
    (void)application_number(parts_->names[id], parts_->category_of(static_cast<uint16_t>(id)));
  }
}

size_t NdpiModule::flow_bytes_in_use() const {
  return static_cast<size_t>(std::max<ptrdiff_t>(parts_->flow_bytes, 0));
}

}  // namespace weir
