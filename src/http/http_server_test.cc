// SPDX-License-Identifier: GPL-3.0-or-later
// Real sockets on 127.0.0.1. The stream ticks only when a test says so.
#include "http/http_server.h"

#include <array>
#include <functional>
#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/test_client.h"
#include "script/fake_questions.h"
#include "script/test_script_folder.h"

namespace weir {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::array<EmbeddedAsset, 1> kConsole{
    {{"/index.html", "text/html; charset=utf-8", "\"i\"", "<html>", "zipped"}}};

class HttpServerTest : public ::testing::Test {
 protected:
  void start(HttpOptions options = {}) {
    options.port = 0;
    options.tick = std::chrono::milliseconds(0);
    server_ = *HttpServer::start(std::move(options), *scripts_, *assets_);
  }
  void use_scripts(const std::string& folder) {
    scripts_ =
        *ScriptRunner::open({.folder = folder, .on_error = [](const std::string&) {}}, questions_);
  }
  [[nodiscard]] uint16_t port() const { return server_->port(); }

  // Waits until something is so; the server works on other threads.
  static bool eventually(const std::function<bool()>& is_so) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!is_so()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }

  FakeQuestions questions_;
  std::unique_ptr<ScriptRunner> scripts_ =
      *ScriptRunner::open({.folder = WEIR_SOURCE_DIR "/scripts", .on_error = {}}, questions_);
  std::unique_ptr<AssetStore> assets_ = make_embedded_assets(kConsole);
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersResourcesOverOneConnection) {
  start();
  TestClient client(port());
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.get("/api/v1/hosts?limit=1");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.headers.at("content-type"), "application/json");
    EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
    EXPECT_THAT(answer.body, StartsWith(R"({"offset":0,"rows":[{)"));
  }
  EXPECT_EQ(server_->statistics().connections_total, 1U);
  EXPECT_EQ(server_->statistics().requests, 3U);
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  start();
  TestClient client(port());
  const std::string host = " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  client.send("GET /api/v1/hosts/known" + host + "GET /hosts" + host + "GET /api/v1/hosts/unknown" +
              host);
  EXPECT_EQ(client.read_answer().body, R"({"key":"known"})");
  EXPECT_EQ(client.read_answer().body, "<html>");
  EXPECT_EQ(client.read_answer().status, 404);
}

TEST_F(HttpServerTest, AnswersHeadWithoutABody) {
  start();
  TestClient client(port());
  const auto head = client.request("HEAD /api/v1/hosts");
  EXPECT_EQ(head.status, 200);
  const auto get = client.get("/api/v1/hosts");
  EXPECT_EQ(head.headers.at("content-length"), get.headers.at("content-length"));
  EXPECT_EQ(client.request("HEAD /").headers.at("content-length"), "6");
}

TEST_F(HttpServerTest, PutsItsSecurityHeadersOnEveryAnswer) {
  start();
  for (const char* target : {"/", "/api/v1/", "/api/v1/hosts", "/api/v1/hosts/unknown",
                             "/api/v1/hosts?x=1", "/absent.js", "/%zz"}) {
    const auto answer = TestClient(port()).get(target);
    EXPECT_THAT(answer.headers.at("content-security-policy"),
                StartsWith("default-src 'none'; script-src 'self';"))
        << target;
    EXPECT_EQ(answer.headers.at("x-content-type-options"), "nosniff");
    EXPECT_EQ(answer.headers.at("referrer-policy"), "no-referrer");
    EXPECT_EQ(answer.headers.at("cross-origin-opener-policy"), "same-origin");
    EXPECT_EQ(answer.headers.at("cross-origin-resource-policy"), "same-origin");
    EXPECT_EQ(answer.headers.count("access-control-allow-origin"), 0U);
  }
  EXPECT_EQ(TestClient(port()).upgrade().headers.count("content-security-policy"), 1U);
}

TEST_F(HttpServerTest, ServesTheConsole) {
  start();
  TestClient client(port());
  const auto page = client.get("/hosts/10.0.0.1", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(page.body, "zipped");
  EXPECT_EQ(page.headers.at("content-encoding"), "gzip");
  const auto again = client.get(
      "/", "Accept-Encoding: gzip\r\nIf-None-Match: " + page.headers.at("etag") + "\r\n");
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(client.get("/absent.js").status, 404);
}

TEST_F(HttpServerTest, ZipsLongAnswersOfScriptsForThoseWhoTakeIt) {
  questions_.total = 500;
  start();
  TestClient client(port());
  const auto plain = client.get("/api/v1/hosts?limit=500");
  const auto zipped = client.get("/api/v1/hosts?limit=500", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(plain.headers.count("content-encoding"), 0U);
  EXPECT_EQ(zipped.headers.at("content-encoding"), "gzip");
  EXPECT_EQ(zipped.headers.at("vary"), "Accept-Encoding");
  EXPECT_LT(zipped.body.size(), plain.body.size() / 4);
  EXPECT_EQ(zipped.headers.at("etag"), plain.headers.at("etag"));
  const auto again =
      client.get("/api/v1/hosts?limit=500", "If-None-Match: " + plain.headers.at("etag") + "\r\n");
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(
      client.get("/api/v1/hosts?filter=bad", "Accept-Encoding: gzip\r\n").headers.count("etag"),
      0U);
}

TEST_F(HttpServerTest, AnswersProblems) {
  start();
  TestClient client(port());
  const auto bad = client.get("/api/v1/flows?filter=bad");
  EXPECT_EQ(bad.status, 400);
  EXPECT_EQ(bad.headers.at("content-type"), "application/problem+json");
  EXPECT_THAT(bad.body, HasSubstr(R"("column":1)"));
  EXPECT_EQ(client.get("/api/v1/absent").status, 404);
  client.send("POST /api/v1/hosts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(client.read_answer().status, 405);
}

TEST_F(HttpServerTest, RefusesOtherHostsAndOrigins) {
  start();
  TestClient client(port());
  client.send("GET /api/v1/hosts HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 421);
  client.send("GET /api/v1/hosts HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 400);
  EXPECT_EQ(client.get("/api/v1/hosts", "Origin: http://evil.example\r\n").status, 403);
  EXPECT_EQ(
      client.get("/api/v1/hosts", "Origin: http://localhost:" + std::to_string(port()) + "\r\n")
          .status,
      200);
  EXPECT_EQ(server_->statistics().refused, 2U);
}

TEST_F(HttpServerTest, RefusesAStreamToPagesOfOtherSites) {
  start();
  EXPECT_EQ(TestClient(port()).upgrade("Origin: http://evil.example\r\n").status, 403);
  EXPECT_EQ(TestClient(port()).upgrade("Origin: null\r\n").status, 403);
  EXPECT_EQ(TestClient(port()).upgrade().status, 101);
  EXPECT_EQ(TestClient(port())
                .upgrade("Origin: http://localhost:" + std::to_string(port()) + "\r\n")
                .status,
            101);
}

TEST_F(HttpServerTest, EndsWhatIsTooLargeOrNoHttp) {
  start();
  TestClient large_header(port());
  EXPECT_EQ(large_header.get("/", "X: " + std::string(20'000, 'x') + "\r\n").status, 431);
  EXPECT_TRUE(large_header.is_closed());
  TestClient large_body(port());
  EXPECT_EQ(large_body.request("POST /", "Content-Length: 1048577\r\n").status, 413);
  for (const char* nonsense : {"\x16\x03\x01\x02\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
                               "GET / HTTP/1.1\r\nA B: c\r\n\r\n",
                               "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
                               "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                               "1\r\nTransfer-Encoding: chunked\r\n\r\n"}) {
    TestClient client(port());
    client.send(nonsense);
    EXPECT_EQ(client.read_answer().status, 400) << nonsense;
    EXPECT_TRUE(client.is_closed()) << nonsense;
  }
  EXPECT_EQ(TestClient(port()).get("/api/v1/").status, 200);
}

// A client that sends its whole body before it reads: closed with bytes unread, the connection
// would be reset and the answer lost.
TEST_F(HttpServerTest, ItsRefusalReachesAClientThatIsStillSending) {
  start();
  constexpr size_t kBody = size_t{4} << 20;
  for (int i = 0; i < 20; ++i) {
    TestClient client(port());
    client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(kBody) +
                "\r\n\r\n");
    ASSERT_TRUE(client.send(std::string(kBody, 'x')));
    ASSERT_EQ(client.read_answer().status, 413);
    ASSERT_TRUE(client.is_closed());
  }
  EXPECT_TRUE(eventually([&] { return server_->statistics().connections == 0; }));
}

TEST_F(HttpServerTest, ClosesIdleAndSlowConnections) {
  HttpOptions options;
  options.keep_alive_timeout = std::chrono::milliseconds(30);
  options.request_timeout = std::chrono::milliseconds(30);
  start(std::move(options));
  TestClient idle(port());
  TestClient slow(port());
  slow.send("GET / HT");
  EXPECT_TRUE(idle.is_closed());
  EXPECT_TRUE(slow.is_closed());
  EXPECT_TRUE(eventually([&] { return server_->statistics().connections == 0; }));
}

TEST_F(HttpServerTest, TakesOnlySoManyConnections) {
  HttpOptions options;
  options.max_connections = 2;
  start(std::move(options));
  TestClient first(port());
  TestClient second(port());
  EXPECT_EQ(first.get("/").status, 200);
  EXPECT_EQ(second.get("/").status, 200);
  TestClient third(port());
  EXPECT_TRUE(third.is_closed());
  EXPECT_EQ(server_->statistics().connections_refused, 1U);
  EXPECT_EQ(first.get("/").status, 200);
}

TEST_F(HttpServerTest, TakesOnlySoManyStreamClients) {
  HttpOptions options;
  options.max_stream_clients = 1;
  start(std::move(options));
  TestClient first(port());
  EXPECT_EQ(first.upgrade().status, 101);
  ASSERT_TRUE(eventually([&] { return server_->statistics().stream_clients == 1; }));
  EXPECT_EQ(TestClient(port()).upgrade().status, 503);
}

TEST_F(HttpServerTest, StreamsASnapshotAndAnUpdateEachTick) {
  start();
  TestClient client(port());
  ASSERT_EQ(client.upgrade().status, 101);
  client.send_frame(R"({"op":"sub","id":5,"topic":"hosts","limit":1,"columns":""})");
  EXPECT_THAT(client.read_message().value_or(""),
              StartsWith(R"({"op":"snap","id":5,"seq":0,"offset":0,"rows":[{)"));
  questions_.time = 2000.0;
  server_->tick();
  const std::string update = client.read_message().value_or("");
  EXPECT_THAT(update, StartsWith(R"({"op":"upd","id":5,"seq":1,"offset":0,"rows":[{)"));
  EXPECT_THAT(update, HasSubstr(R"("time":2000)"));
  const std::string rest = TestClient(port()).get("/api/v1/hosts?limit=1").body;
  EXPECT_EQ("{" + update.substr(update.find("\"offset\"")), rest);
}

TEST_F(HttpServerTest, StreamsNewsAtOnceToAllSubscribers) {
  start();
  TestClient first(port());
  TestClient second(port());
  for (TestClient* client : {&first, &second}) {
    ASSERT_EQ(client->upgrade().status, 101);
    client->send_frame(R"({"op":"sub","id":1,"topic":"hosts"})");
    EXPECT_THAT(client->read_message().value_or(""), HasSubstr("snap"));
  }
  server_->refresh("flows");
  server_->refresh("hosts");
  for (TestClient* client : {&first, &second})
    EXPECT_THAT(client->read_message().value_or(""), HasSubstr("upd"));
  EXPECT_EQ(questions_.asked("hosts"), 2U);
  // As many as there are: few of them are evaluated.
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 100'000; ++i) server_->refresh("hosts");
  EXPECT_THAT(first.read_message().value_or(""), HasSubstr("upd"));
  const auto tenths = (std::chrono::steady_clock::now() - begin) / std::chrono::milliseconds(100);
  EXPECT_LE(questions_.asked("hosts"), 4U + static_cast<size_t>(tenths));
  server_->stop();
  server_->refresh("hosts");
}

TEST_F(HttpServerTest, EvaluatesAQuestionOncePerTickForAllSubscribers) {
  start();
  TestClient first(port());
  TestClient second(port());
  for (TestClient* client : {&first, &second}) {
    ASSERT_EQ(client->upgrade().status, 101);
    client->send_frame(R"({"op":"sub","id":1,"topic":"hosts"})");
    EXPECT_THAT(client->read_message().value_or(""), HasSubstr("snap"));
  }
  EXPECT_EQ(questions_.asked("hosts"), 1U);
  for (size_t tick = 1; tick <= 3; ++tick) {
    server_->tick();
    EXPECT_THAT(first.read_message().value_or(""), HasSubstr("upd"));
    EXPECT_THAT(second.read_message().value_or(""), HasSubstr("upd"));
    EXPECT_EQ(questions_.asked("hosts"), 1 + tick);
  }
}

TEST_F(HttpServerTest, TellsAStreamClientWhatIsWrong) {
  start();
  TestClient client(port());
  ASSERT_EQ(client.upgrade().status, 101);
  client.send_frame(R"({"op":"sub","id":1,"topic":"flows","filter":"bad"})");
  EXPECT_THAT(
      client.read_message().value_or(""),
      StartsWith(
          R"({"op":"err","id":1,"column":1,"detail":"there is no field bad","parameter":"filter","status":400)"));
  client.send_frame(R"({"op":"sub","id":2,"topic":"absent"})");
  EXPECT_THAT(client.read_message().value_or(""), HasSubstr(R"("status":404)"));
  client.send_frame("{bad json");
  EXPECT_THAT(client.read_message().value_or(""), HasSubstr("no JSON object"));
  client.send_frame(R"({"op":"ping"})");
  EXPECT_THAT(client.read_message().value_or(""), StartsWith(R"({"op":"pong","time":)"));
}

TEST_F(HttpServerTest, EndsAStreamThatSendsTooMuchOrNoText) {
  start();
  TestClient large(port());
  ASSERT_EQ(large.upgrade().status, 101);
  large.send_frame(std::string(65'537, 'x'));
  EXPECT_FALSE(large.read_message().has_value());
  TestClient binary(port());
  ASSERT_EQ(binary.upgrade().status, 101);
  binary.send_frame("x", 2);
  EXPECT_THAT(binary.read_message().value_or(""), StartsWith(R"({"op":"bye")"));
  EXPECT_FALSE(binary.read_message().has_value());
}

TEST_F(HttpServerTest, ForgetsAStreamClientThatLeft) {
  start();
  {
    TestClient client(port());
    ASSERT_EQ(client.upgrade().status, 101);
    client.send_frame(R"({"op":"sub","id":1,"topic":"hosts"})");
    ASSERT_TRUE(client.read_message().has_value());
  }
  EXPECT_TRUE(eventually([&] {
    return server_->statistics().stream_clients == 0 && server_->statistics().questions == 0;
  }));
}

TEST_F(HttpServerTest, ClosesASilentStream) {
  HttpOptions options;
  options.stream_idle_timeout = std::chrono::milliseconds(60);
  start(std::move(options));
  TestClient client(port());
  ASSERT_EQ(client.upgrade().status, 101);
  EXPECT_FALSE(client.read_message().has_value());
  EXPECT_TRUE(eventually([&] { return server_->statistics().stream_clients == 0; }));
}

TEST_F(HttpServerTest, SendsASlowClientTheNewestOnlyAndKeepsNoQueue) {
  start();
  questions_.total = 5000;  // some 300 kB an answer
  TestClient slow(port());
  ASSERT_EQ(slow.upgrade().status, 101);
  slow.send_frame(R"({"op":"sub","id":1,"topic":"hosts","limit":5000})");
  ASSERT_TRUE(eventually([&] { return server_->statistics().frames == 1; }));
  // Once the kernel's buffers are full, each answer takes the place of the one that waits.
  ASSERT_TRUE(eventually([&] {
    server_->tick();
    return server_->statistics().frames_replaced >= 5;
  }));
  const uint64_t frames = server_->statistics().frames;
  questions_.time = 5555.0;
  const uint64_t before = server_->statistics().evaluations;
  ASSERT_TRUE(eventually([&] {
    server_->tick();
    return server_->statistics().evaluations >= before + 2;
  }));
  std::string last;
  while (last.find("\"time\":5555,") == std::string::npos) {
    const auto message = slow.read_message();
    ASSERT_TRUE(message.has_value());
    last = *message;
  }
  EXPECT_LE(server_->statistics().frames, frames + 3);
}

TEST_F(HttpServerTest, ShowsItsFiguresInHealth) {
  start();
  {
    TestClient client(port());
    ASSERT_EQ(client.upgrade().status, 101);
    ASSERT_TRUE(eventually([&] { return server_->statistics().stream_clients == 1; }));
    EXPECT_THAT(TestClient(port()).get("/api/v1/health").body,
                HasSubstr(R"("http":{"clients":1,"connections":)"));
  }
  server_->stop();
  EXPECT_THAT(scripts_->run({"health", "", {}}).body, Not(HasSubstr("http")));
}

TEST_F(HttpServerTest, SaysByeWhenItStops) {
  start();
  auto client = std::make_unique<TestClient>(port());
  ASSERT_EQ(client->upgrade().status, 101);
  client->send_frame(R"({"op":"ping"})");
  ASSERT_TRUE(client->read_message().has_value());
  std::jthread stopper([&] { server_->stop(); });
  EXPECT_EQ(client->read_message().value_or(""), R"({"op":"bye","reason":"weir stops"})");
  EXPECT_FALSE(client->read_message().has_value());
  client->send_frame(std::string("\x03\xe9", 2), 8);
  client.reset();
  stopper.join();
  EXPECT_FALSE(TestClient(port()).is_connected());
  server_->stop();
}

TEST_F(HttpServerTest, StopsWhileScriptsRun) {
  ScriptFolder folder;
  folder.write("rest/slow.lua", "local s = 0 for i = 1, 3e6 do s = s + i end print('{}')");
  use_scripts(folder.path());
  start();
  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<TestClient>(port()));
    clients.back()->send("GET /api/v1/slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  ASSERT_TRUE(eventually([&] { return server_->statistics().requests > 2; }));
  server_->stop();
  EXPECT_TRUE(clients.back()->is_closed() || clients.back()->read_answer().status == 200);
}

TEST_F(HttpServerTest, AnswersAllWhoWaitForTheSameByOneRun) {
  HttpOptions options;
  options.workers = 1;
  start(std::move(options));
  std::promise<void> gate;
  scripts_->set_health_part("gate", [is_open = gate.get_future().share()] {
    is_open.wait();
    return Value(1);
  });
  std::vector<std::unique_ptr<TestClient>> clients;
  const auto ask = [&] {
    clients.push_back(std::make_unique<TestClient>(port()));
    clients.back()->send("GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n");
  };
  ask();
  ASSERT_TRUE(eventually([&] { return scripts_->statistics().runs == 1; }));
  for (int i = 0; i < 5; ++i) ask();
  ASSERT_TRUE(eventually([&] { return server_->statistics().shared == 4; }));
  gate.set_value();
  for (const auto& client : clients) EXPECT_EQ(client->read_answer().status, 200);
  EXPECT_EQ(scripts_->statistics().runs, 2U);
}

TEST_F(HttpServerTest, DoesNotLetAScriptSplitItsAnswer) {
  ScriptFolder folder;
  folder.write("rest/split.lua", "pcall(sendHTTPHeader, 'text/plain\\r\\nX: y') print('{}')");
  use_scripts(folder.path());
  start();
  const auto answer = TestClient(port()).get("/api/v1/split");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.count("x"), 0U);
}

TEST_F(HttpServerTest, TicksByItselfEachSecond) {
  HttpOptions options;
  options.port = 0;
  options.tick = std::chrono::milliseconds(20);
  server_ = *HttpServer::start(std::move(options), *scripts_, *assets_);
  TestClient client(port());
  ASSERT_EQ(client.upgrade().status, 101);
  client.send_frame(R"({"op":"sub","id":1,"topic":"health"})");
  for (const char* op : {"snap", "upd", "upd"})
    EXPECT_THAT(client.read_message().value_or(""), HasSubstr(op));
}

TEST_F(HttpServerTest, SaysWhenThePortIsTaken) {
  start();
  HttpOptions options;
  options.port = port();
  const auto second = HttpServer::start(std::move(options), *scripts_, *assets_);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().message, "127.0.0.1:" + std::to_string(port()) +
                                        ": Address already in use: is weir running already? choose "
                                        "another with --http ADDR:PORT");
  HttpOptions nonsense;
  nonsense.address = "no address";
  EXPECT_EQ(HttpServer::start(std::move(nonsense), *scripts_, *assets_).error().message,
            "no address: not an IP address");
}

TEST_F(HttpServerTest, KnowsItsAddress) {
  HttpOptions options;
  options.address = "localhost";
  start(std::move(options));
  EXPECT_EQ(server_->address(), "127.0.0.1");
  EXPECT_EQ(server_->url(), "http://127.0.0.1:" + std::to_string(port()));
}

}  // namespace
}  // namespace weir
