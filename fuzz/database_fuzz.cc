// SPDX-License-Identifier: GPL-3.0-or-later
// A conversation with a database or a store: memory stays bounded, and as long as nothing is
// missing and everything is understood, it is the same wherever packets split it. First byte: which
// one. Second: how it is split.
#include <algorithm>
#include <cstdint>

#include "dissector_check.h"
#include "dpi/memcached_dissector.h"
#include "dpi/mysql_dissector.h"
#include "dpi/postgresql_dissector.h"
#include "dpi/redis_dissector.h"

namespace {

using namespace weir;        // NOLINT(google-build-using-namespace): a program of one file
using namespace weir::fuzz;  // NOLINT(google-build-using-namespace): a program of one file

bool has_lost_track(const MemcachedDissector&) {
  return false;
}
template <typename D>
bool has_lost_track(const D& dissector) {
  return dissector.has_lost_track();
}

// Whether it joins a connection that is under way is asked of the first packet as it is.
template <typename D>
bool joins(const std::vector<Piece>& pieces) {
  if (pieces.empty() || !pieces.front().to_server) return false;
  const auto before_startup = [](const Piece& piece) {
    return piece.bytes.front() == 'Q' || (piece.bytes.size() > 3 && piece.bytes[3] == 0);
  };
  return (std::is_same_v<D, MysqlDissector> ||
          std::is_same_v<D, PostgresqlDissector>)&&before_startup(pieces.front());
}

template <typename D>
void check(const std::vector<Piece>& pieces, const Splits& splits) {
  std::unique_ptr<D> one;
  std::unique_ptr<D> other;
  const Outcome whole = hear(pieces, {}, true, {}, one);
  const Outcome split = hear(pieces, splits, true, {}, other);
  const bool has_gap =
      std::any_of(pieces.begin(), pieces.end(), [](const Piece& each) { return each.has_gap; });
  if (has_gap || joins<D>(pieces) || has_lost_track(*one) || has_lost_track(*other)) return;
  require(whole == split);
}

constexpr Check kChecks[] = {check<MysqlDissector>, check<PostgresqlDissector>,
                             check<RedisDissector>, check<MemcachedDissector>};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  check_input(kChecks, ByteReader(data, size));
  return 0;
}
