// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/application_names.h"

#include <array>

namespace weir {
namespace {

struct Rename {
  std::string_view from;
  std::string_view to;
};

// Where nDPI renamed, the later name; where later ones disagree or say less, the one people know.
constexpr std::array<Rename, 21> kApplications{{
    {"AMAZON_AWS", "AmazonAWS"},
    {"Bitcoin", "BITCOIN"},
    {"CHECKMK", "CheckMK"},
    {"DCE_RPC", "DCERPC"},
    {"ETHEREUM", "Ethereum"},
    {"FREE_64", "Free"},
    {"GoogleHangoutDuo", "GoogleMeet"},
    {"Hangout_Duo", "GoogleMeet"},
    {"IPsec", "IPSec"},
    {"Jabber", "XMPP"},
    {"MONERO", "Monero"},
    {"RESP", "Redis"},
    {"SLP", "Service_Location_Protocol"},
    {"Sina(Weibo)", "SinaWeibo"},
    {"SkypeCall", "Skype_TeamsCall"},
    {"SkypeTeams", "Skype_Teams"},
    {"collectd", "Collectd"},
    {"s7comm", "S7Comm"},
    {"s7comm-plus", "S7CommPlus"},
    {"S7comm-plus", "S7CommPlus"},
    {"TLS_Unknown", "TLS"},
}};

constexpr std::array<Rename, 4> kCategories{{
    {"Mining", "Crypto_Currency"},
    {"Unspecified", ""},
    {"Unknown", ""},
    {"Mail", "Email"},
}};

template <typename Table>
std::string_view renamed(const Table& table, std::string_view name) {
  for (const Rename& rename : table) {
    if (rename.from == name) return rename.to;
  }
  return name;
}

}  // namespace

std::string_view canonical_application(std::string_view name) {
  return renamed(kApplications, name);
}
std::string_view canonical_category(std::string_view name) {
  return renamed(kCategories, name);
}

}  // namespace weir
