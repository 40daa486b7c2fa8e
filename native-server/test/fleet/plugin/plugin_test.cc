#include "fleet/plugin/plugin.h"

#include <doctest/doctest.h>

#include <array>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>

using oversoak::fleet::Plugin;
using oversoak::fleet::PluginText;

namespace {

constexpr char kRule[] = "a text has 1 to 200 characters of printable ASCII";

std::string refusal;  // what begin answers; empty: it takes its options
char heard_text[8] = "first";

oversoak_plugin_table right_table() {
  oversoak_plugin_table table{};
  table.abi = OVERSOAK_PLUGIN_ABI;
  table.longest_request_bytes = table.longest_answer_bytes = 8;
  table.begin = [](const oversoak_session*, const char** error) -> void* {
    static int state = 0;
    if (refusal.empty()) return &state;
    *error = refusal.c_str();
    return nullptr;
  };
  table.say = [](void*, std::uint64_t, unsigned char*, std::size_t) -> std::size_t { return 1; };
  table.hear = [](void*, const unsigned char*, std::size_t, oversoak_heard* heard) -> int {
    heard->consumed = 1;
    heard->text = heard_text;
    return OVERSOAK_ERROR;
  };
  table.end = [](void*) {};
  return table;
}

oversoak_plugin_table table;

// Of a plug-in with that table.
Plugin loaded() {
  return {"own.so", "", [](std::uint32_t) -> const oversoak_plugin_table* { return &table; }};
}

// Why it is refused; empty: it is not.
std::string why_refused() {
  try {
    loaded();
    return "";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

std::string quoted(const char* text) {
  PluginText read;
  read.read(text);
  return read.quoted();
}

}  // namespace

TEST_SUITE_BEGIN("plug-in");

TEST_CASE("a refusal of its options is quoted, and whole where it is a text") {
  table = right_table();
  CHECK(why_refused() == "");
  const std::string begin = "the plug-in own.so: it refuses its options: ";
  refusal = "no such key";
  CHECK(why_refused() == begin + "no such key");
  refusal = "\xc3\xa9\n\"\\";
  CHECK(why_refused() == begin + "\"\\xc3\\xa9\\x0a\"\\\" (" + kRule + ")");
  refusal = std::string(200, 'a');
  CHECK(why_refused() == begin + refusal);
  refusal = std::string(100'000, 'a');
  CHECK(why_refused() == begin + '"' + std::string(200, 'a') + "\" (" + kRule + ")");
  refusal.clear();
}

TEST_CASE("a text that is none") {
  CHECK(quoted("") == "\"\"");
  PluginText text;
  text.read("");
  CHECK(text.is_given());
  CHECK_FALSE(text.is_right());
  text.read(nullptr);
  CHECK_FALSE(text.is_given());
  CHECK(std::strlen(text.c_str()) == 0);
}

TEST_CASE("what it gave is kept, whatever becomes of it: its table, and a text") {
  table = right_table();
  const Plugin plugin = loaded();
  table = {};
  CHECK(plugin.longest_request_bytes() == 8);
  const std::array<std::byte, 1> bytes{};
  PluginText text;
  int state = 0;
  CHECK(plugin.hear(&state, bytes, text).kind == Plugin::Heard::Kind::error);
  const char* const kept = plugin.keep(text.c_str());
  std::strcpy(heard_text, "second");
  CHECK(std::string(text.c_str()) == "first");
  plugin.hear(&state, bytes, text);
  CHECK(std::string(text.c_str()) == "second");
  CHECK(std::string(kept) == "first");
  CHECK(plugin.keep("first") == kept);
}

TEST_CASE("a table of another ABI is not read beyond its number") {
  // Of the size of its first field alone: what is read beyond it, AddressSanitizer reports.
  static const auto other = std::make_unique<std::uint32_t>(OVERSOAK_PLUGIN_ABI + 1);
  const auto exported = [](std::uint32_t) {
    return reinterpret_cast<const oversoak_plugin_table*>(other.get());
  };
  CHECK_THROWS_WITH_AS(Plugin("own.so", "", exported),
                       "the plug-in own.so: its table is of ABI 2; this fleet has ABI 1",
                       std::runtime_error);
}

TEST_SUITE_END();
