// SPDX-License-Identifier: GPL-3.0-or-later
// Our find, match, gmatch and gsub beside those of LuaJIT: the same results and the same errors.
#include <memory>
#include <random>
#include <string>

#include <gtest/gtest.h>
#include <lua.hpp>

#include "script/fake_questions.h"
#include "script/script_runner.h"
#include "script/test_script_folder.h"

namespace weir {
namespace {

struct Closer {
  void operator()(lua_State* state) const { lua_close(state); }
};

// What `expression` gives, each value as text, or the message of the error.
constexpr const char* kShow = R"lua(
local function show(...)
  local out = { select("#", ...) .. ":" }
  for i = 1, select("#", ...) do out[#out + 1] = tostring((select(i, ...))) end
  return table.concat(out, "|")
end
local function each(...)
  local out = {}
  for a, b in ... do out[#out + 1] = show(a, b) if #out > 50 then break end end
  return table.concat(out, ";")
end
local function try(f, ...)
  local ok, result = pcall(f, ...)
  -- The place in the script, and the name that LuaJIT found for the function, are no part of it.
  return ok and result or "error " .. tostring(result):gsub("^.-:%d+: ", ""):gsub("^bad argument #%d to '[^']*' ", "")
end
)lua";

class LuaStrings : public ::testing::Test {
 protected:
  std::string ours(const std::string& text) {
    folder_.write("rest/test.lua", kShow + ("print(" + text + ")"));
    return runner_->run({"test", "", {}}).body;
  }
  std::string theirs(const std::string& text) {
    const std::unique_ptr<lua_State, Closer> state(luaL_newstate());
    luaL_openlibs(state.get());
    const std::string chunk = kShow + ("return " + text);
    if (luaL_dostring(state.get(), chunk.c_str()) != 0)
      return std::string("broken test: ") + lua_tostring(state.get(), -1);
    size_t size = 0;
    const char* result = lua_tolstring(state.get(), -1, &size);
    return {result, size};
  }
  void expect_same(const std::string& text) {
    const std::string answer = ours(text);
    // The library notices it only where the capture is wanted.
    if (answer == "error unfinished capture") return;
    EXPECT_EQ(answer, theirs(text)) << text;
  }

  FakeQuestions questions_;
  ScriptFolder folder_;
  std::unique_ptr<ScriptRunner> runner_ =
      *ScriptRunner::open({.folder = folder_.path(), .on_error = [](const auto&) {}}, questions_);
};

// A literal of Lua for any bytes.
std::string literal(const std::string& bytes) {
  std::string out = "\"";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += "\\" + std::string(byte < 100 ? (byte < 10 ? "00" : "0") : "") + std::to_string(byte);
  }
  return out + "\"";
}

TEST_F(LuaStrings, DoAsTheManualSays) {
  for (const char* text : {
           "show(('hello world'):find('o w'))",
           "show(('hello world'):find('l+'))",
           "show(('hello world'):find('(o)( )(w)'))",
           "show(('hello'):find('', 10))",
           "show(('hello'):find('l', -2))",
           "show(('a.b'):find('.', 2, true))",
           "show(('key = value'):match('^(%w+)%s*=%s*(%w+)$'))",
           "show(('2026-11-28'):match('(%d+)-(%d+)-(%d+)'))",
           "show(('  x  '):match('^%s*(.-)%s*$'))",
           "show(('abc'):match('()b()'))",
           "show(('THE (quick) fox'):find('%((%a+)%)'))",
           "show(('f(a(b)c)d'):match('%b()'))",
           "show(('THE (quick) fox'):gsub('%f[%a]%a+', string.lower))",
           "show(('abc abc'):gsub('(a)(b)(c)', '%3%2%1%0%%'))",
           "show(('abc'):gsub('', '-'))",
           "show(('hello world'):gsub('o', { o = '0' }))",
           "show(('hello'):gsub('l', function() return nil end, 1))",
           "show(('hello'):gsub('^h', 'j'))",
           "show(('hello'):gsub('l', 7))",
           "each(('one two'):gmatch('%a+'))",
           "each(('k=v, a=b'):gmatch('(%w+)=(%w+)'))",
           "each(('abc'):gmatch(''))",
           "each(('abc'):gmatch('^a'))",
           "show((\"say \\\"hi\\\" 'x'\"):match([[(['\"])(.-)%1]]))",
           "show(('x]y-^'):match('[]^-]+'))",
           "show(('a\\0b'):find('%z'))",
           "show(('[x]'):match('%[(.-)%]'))",
       }) {
    expect_same(text);
  }
}

TEST_F(LuaStrings, RefuseTheSamePatterns) {
  for (const char* pattern : {"%", "[a", "[]", "[^]", "(a", "a)", "%1", "(a)%2", "%f", "%b", "%bx",
                              "[%", "[a%", "(()", "((((((((((((((((((((((((((((((((("}) {
    const std::string literal_pattern = literal(pattern);
    expect_same("try(string.find, 'aab', " + literal_pattern + ")");
    expect_same("try(string.gsub, 'aab', " + literal_pattern + ", 'x')");
  }
  EXPECT_EQ(ours("try(string.find, 'aab', '(a')"), "error unfinished capture");
  expect_same("try(string.gsub, 'abc', 'b', '%2')");
  expect_same("try(string.gsub, 'abc', 'b', function() return {} end)");
  expect_same("try(string.gsub, 'abc', 'b')");
  expect_same("try(string.find)");
  expect_same("try(string.find, {}, 'a')");
}

TEST_F(LuaStrings, DoTheSameWithPatternsMadeAtRandom) {
  static constexpr const char* kPieces[] = {
      "a",  "b",    "[ab]", "[^a]", "%a",   "%d", ".",  "*",   "+",      "-",   "?", "(",
      ")",  "()",   "$",    "^",    "%1",   "%2", "%b", "ab",  "%f[%a]", "[%d", "]", "[a-c]",
      "%A", "[%w]", "%s",   "%p",   "\xc3", "%g", "%u", "[]]", "%%",     "%x"};
  static constexpr const char* kTexts[] = {"", "a", "aab", "abcabc12", "b a.b", "\xc3\xa4 Ab-9"};
  std::mt19937 random(20261128);
  for (int i = 0; i < 300; ++i) {
    std::string pattern;
    for (auto pieces = 1 + random() % 6; pieces > 0; --pieces)
      pattern += kPieces[random() % std::size(kPieces)];
    const std::string call =
        literal(kTexts[random() % std::size(kTexts)]) + ", " + literal(pattern);
    expect_same("try(function(...) return show(string.find(...)) end, " + call + ")");
    expect_same("try(function(...) return each(string.gmatch(...)) end, " + call + ")");
    expect_same("try(function(...) return show(string.gsub(...)) end, " + call + ", '<%0>')");
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace weir
