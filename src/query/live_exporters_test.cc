// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "query/live_questions.h"

namespace weir {
namespace {

Value row_of(const char* id, const char* address, uint64_t bytes) {
  Value row;
  row.set("id", id);
  row.set("address", address);
  row.set("bytes", bytes);
  return row;
}

class LiveExporters : public ::testing::Test {
 protected:
  LiveExporters() {
    std::vector<std::unique_ptr<Shard>> shards;
    shards.push_back(*Shard::create({}, nullptr));
    interface_ = std::make_unique<Interface>("n", "n", 0, std::move(shards));
    LiveQuestions::Setting setting;
    setting.interfaces = {interface_.get()};
    setting.now = [] { return 1.0; };
    setting.exporters = [](const std::string& interface) {
      EXPECT_EQ(interface, "n");
      return Value::Array{row_of("n-1", "192.0.2.1", 10), row_of("n-2", "198.51.100.7", 30),
                          row_of("n-3", "192.0.2.9", 20)};
    };
    questions_ = std::make_unique<LiveQuestions>(std::move(setting));
  }
  [[nodiscard]] std::string list(const ListRequest& request) const {
    const Answer answer = questions_->exporters(request);
    return answer ? to_json((*answer)["rows"]) : answer.error().parameter;
  }

  std::unique_ptr<Interface> interface_;
  std::unique_ptr<LiveQuestions> questions_;
};

TEST_F(LiveExporters, AreFilteredSortedAndCut) {
  ListRequest request;
  request.sort = "bytes";
  request.columns = {"id"};
  EXPECT_EQ(list(request), R"([{"id":"n-2"},{"id":"n-3"},{"id":"n-1"}])");
  request.filter = "address in 192.0.2.0/24";
  EXPECT_EQ(list(request), R"([{"id":"n-3"},{"id":"n-1"}])");
  request.filter = "bytes > 15 and host = 198.51.100.7";
  EXPECT_EQ(list(request), R"([{"id":"n-2"}])");
  request.filter = "colour = red";
  EXPECT_EQ(list(request), "filter");
  request.filter = "";
  request.interface = "gone";
  EXPECT_EQ(list(request), "interface");
}

TEST_F(LiveExporters, AreFoundById) {
  const Answer found = questions_->exporter("n-3");
  ASSERT_TRUE(found);
  EXPECT_EQ((*found)["address"], Value("192.0.2.9"));
  const Answer none = questions_->exporter("n-4");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, QueryError::Kind::kNotFound);
}

}  // namespace
}  // namespace weir
