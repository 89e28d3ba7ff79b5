// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/capture_parser.h"

#include <array>
#include <string_view>

#include "capture/pcap_parser.h"
#include "capture/pcapng_parser.h"

namespace weir {
namespace {

struct ForeignFormat {
  uint32_t mask;
  uint32_t magic;  // of the first four bytes, in network order
  std::string_view sentence;
};

constexpr std::array<ForeignFormat, 8> kForeignFormats{{
    {0xffff0000, 0x1f8b0000, "is compressed with gzip: gunzip it first"},
    {0xffffffff, 0x28b52ffd, "is compressed with zstd: unzstd it first"},
    {0xffffffff, 0xfd377a58, "is compressed with xz: unxz it first"},
    {0xffffff00, 0x425a6800, "is compressed with bzip2: bunzip2 it first"},
    {0xffffffff, 0x04224d18, "is compressed with lz4: unlz4 it first"},
    {0xffffffff, 0x504b0304, "is a zip archive: unzip it first"},
    {0xffffffff, 0x736e6f6f, "is a snoop capture; weir reads pcap and pcapng (editcap converts)"},
    {0xffffffff, 0x474d4255,
     "is a Network Monitor capture; weir reads pcap and pcapng (editcap converts)"},
}};

}  // namespace

Result<std::unique_ptr<CaptureParser>> make_capture_parser(ByteReader start) {
  if (start.empty()) return Error{"is empty; weir reads pcap and pcapng"};
  if (PcapParser::recognises(start)) return std::unique_ptr<CaptureParser>(new PcapParser);
  if (PcapngParser::recognises(start)) return std::unique_ptr<CaptureParser>(new PcapngParser);
  for (const ForeignFormat& format : kForeignFormats) {
    if ((start.u32(0) & format.mask) == format.magic) return Error{std::string(format.sentence)};
  }
  return Error{"is no capture; weir reads pcap and pcapng"};
}

}  // namespace weir
