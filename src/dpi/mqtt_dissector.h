// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string_view>

#include "dpi/unit_dissector.h"

namespace weir {

// MQTT 3.1, 3.1.1 and 5 over TCP (OASIS): client, user and version of the connection, topics that
// are published and subscribed to. Of a connection whose beginning was not seen nothing is told.
class MqttDissector final : public UnitDissector {
 public:
  MqttDissector() : UnitDissector(kKept) {}

  [[nodiscard]] static bool may_begin(const Payload& payload);
  [[nodiscard]] static std::unique_ptr<Dissector> create();

 protected:
  [[nodiscard]] std::optional<size_t> size_of_unit(bool to_server,
                                                   const ByteReader& head) const override;
  Progress take_unit(const Payload& payload, ByteReader unit, Findings& findings) override;

 private:
  static constexpr size_t kKept = 2048;
  static constexpr unsigned kMaxTopics = 8;

  [[nodiscard]] bool take_connect(ByteReader body, Findings& findings);
  void take_publish(ByteReader body, Findings& findings);
  void take_subscribe(ByteReader body, Findings& findings);
  void add_topic(std::string_view topic, Findings& findings);

  uint8_t version_ = 0;  // as on the wire; 0: no CONNECT yet
  unsigned topics_ = 0;
};

}  // namespace weir
