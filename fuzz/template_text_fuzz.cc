// SPDX-License-Identifier: GPL-3.0-or-later
// A file of templates. Whatever is in it, each line is restored, too old or damaged, and what is
// restored can be used.
#include <algorithm>
#include <string_view>

#include "collect/template_text.h"
#include "property.h"

using weir::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace weir;  // NOLINT(google-build-using-namespace): a program of one file
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  constexpr int64_t kNow = int64_t{1'700'000'000} * 1'000'000'000;
  size_t restored = 0;
  const TemplatesRead read =
      read_templates_text(text, kNow, [&](const ExporterKey&, const TemplatePointer& made) {
        ++restored;
        require(made->min_bytes() > 0 && made->fields().size() <= ExportTemplate::kMaxFields,
                "a template can be used");
      });
  require(read.restored == restored, "what is restored is counted");
  const auto lines = static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
  require(read.restored + read.too_old + read.damaged <= lines + 1, "lines are counted once");
  return 0;
}
