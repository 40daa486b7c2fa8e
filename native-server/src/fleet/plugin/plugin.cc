#include "fleet/plugin/plugin.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "os/foreign_call.h"

namespace oversoak::fleet {
namespace {

using os::ForeignCall;

constexpr std::string_view kNoText =
    "a text that is none (printable ASCII of up to 200 characters)";

// The text, if it is one; none: it is too long, or has other characters.
bool is_text(const char* text) noexcept {
  std::size_t size = 0;
  for (; text[size] != '\0'; ++size) {
    if (size == OVERSOAK_LONGEST_TEXT || text[size] < ' ' || text[size] > '~') return false;
  }
  return size > 0;
}

bool is_size(std::size_t bytes) noexcept { return bytes >= 1 && bytes <= OVERSOAK_LONGEST_BYTES; }

// What is wrong with a table; empty: nothing.
std::string problem_of(const oversoak_plugin_table& table) {
  if (table.abi != OVERSOAK_PLUGIN_ABI) {
    return "its table is of ABI " + std::to_string(table.abi) + "; this fleet has ABI " +
           std::to_string(OVERSOAK_PLUGIN_ABI);
  }
  const std::pair<const char*, bool> functions[] = {{"begin", table.begin != nullptr},
                                                    {"say", table.say != nullptr},
                                                    {"hear", table.hear != nullptr},
                                                    {"end", table.end != nullptr}};
  for (const auto& [name, is_there] : functions) {
    if (!is_there) return std::string("its table has no function ") + name;
  }
  const std::pair<const char*, std::size_t> sizes[] = {
      {"longest_request_bytes", table.longest_request_bytes},
      {"longest_answer_bytes", table.longest_answer_bytes}};
  for (const auto& [name, bytes] : sizes) {
    if (is_size(bytes)) continue;
    return std::string(name) + " of its table must be from 1 to " +
           std::to_string(OVERSOAK_LONGEST_BYTES) + "; it is " + std::to_string(bytes);
  }
  if (table.any_order > 1) {
    return "any_order of its table must be 0 or 1; it is " + std::to_string(table.any_order);
  }
  return "";
}

unsigned char* bytes_of(std::span<std::byte> buffer) noexcept {
  return reinterpret_cast<unsigned char*>(buffer.data());
}

}  // namespace

Plugin::Plugin(std::string file, std::string options, oversoak_plugin_function exported)
    : name_("the plug-in " + std::move(file)), options_(std::move(options)) {
  if (exported == nullptr) {
    throw std::runtime_error(name_ + ": it exports no function oversoak_plugin");
  }
  {
    const ForeignCall call(name_.c_str(), "oversoak_plugin");
    table_ = exported(OVERSOAK_PLUGIN_ABI);
  }
  if (table_ == nullptr) {
    throw std::runtime_error(name_ + ": it does not know ABI " +
                             std::to_string(OVERSOAK_PLUGIN_ABI) + ", which this fleet has");
  }
  if (const std::string problem = problem_of(*table_); !problem.empty()) {
    throw std::runtime_error(name_ + ": " + problem);
  }
  const char* error = nullptr;
  void* const state = try_begin(0, 0, 0, &error);
  if (state == nullptr) {
    const bool says = error != nullptr && is_text(error);
    throw std::runtime_error(name_ + ": it refuses its options: " +
                             (says ? error : "begin returned NULL and says not why"));
  }
  end(state);
}

void* Plugin::try_begin(std::uint64_t session, std::uint64_t connection, std::uint64_t seed,
                        const char** error) const {
  const oversoak_session about{session, connection, seed, options_.c_str(), options_.size()};
  const ForeignCall call(name_.c_str(), "begin");
  return table_->begin(&about, error);
}

void* Plugin::begin(std::uint64_t session, std::uint64_t connection, std::uint64_t seed) const {
  const char* error = nullptr;
  void* const state = try_begin(session, connection, seed, &error);
  if (state == nullptr) {
    lied("begin", error != nullptr && is_text(error)
                      ? std::string("no session: ") + error
                      : std::string("no session, of options that it had accepted"));
  }
  return state;
}

void Plugin::end(void* state) const noexcept {
  const ForeignCall call(name_.c_str(), "end");
  table_->end(state);
}

Plugin::Login Plugin::login(void* state, std::span<std::byte> buffer) const {
  if (table_->login == nullptr) return {};
  Login login;
  int answer = 0;
  {
    const ForeignCall call(name_.c_str(), "login");
    answer = table_->login(state, bytes_of(buffer), buffer.size(), &login.bytes);
  }
  if (answer != OVERSOAK_LOGIN_OVER && answer != OVERSOAK_LOGIN_WAITS) {
    lied("login", std::to_string(answer) + ", not OVERSOAK_LOGIN_OVER or OVERSOAK_LOGIN_WAITS");
  }
  if (login.bytes > buffer.size()) {
    lied("login",
         std::to_string(login.bytes) + " bytes where it had " + std::to_string(buffer.size()));
  }
  login.over = answer == OVERSOAK_LOGIN_OVER;
  return login;
}

std::size_t Plugin::say(void* state, std::uint64_t number, std::span<std::byte> buffer) const {
  std::size_t bytes = 0;
  {
    const ForeignCall call(name_.c_str(), "say");
    bytes = table_->say(state, number, bytes_of(buffer), buffer.size());
  }
  if (bytes == 0) lied("say", "a request without a byte");
  if (bytes > buffer.size()) {
    lied("say", std::to_string(bytes) + " bytes where it had " + std::to_string(buffer.size()));
  }
  return bytes;
}

Plugin::Heard Plugin::hear(void* state, std::span<const std::byte> bytes) const {
  oversoak_heard heard{0, OVERSOAK_NO_REQUEST, nullptr};
  int answer = 0;
  {
    const ForeignCall call(name_.c_str(), "hear");
    const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
    answer = table_->hear(state, data, bytes.size(), &heard);
  }
  if (answer < OVERSOAK_MORE || answer > OVERSOAK_CORRUPT) {
    lied("hear", std::to_string(answer) + ", which is none of OVERSOAK_MORE to OVERSOAK_CORRUPT");
  }
  const auto kind = static_cast<Heard::Kind>(answer);
  if (heard.consumed > bytes.size()) {
    lied("hear",
         std::to_string(heard.consumed) + " bytes consumed of " + std::to_string(bytes.size()));
  }
  const bool takes = kind != Heard::Kind::more && kind != Heard::Kind::corrupt;
  if (takes && heard.consumed == 0) lied("hear", "something of no bytes");
  if (kind == Heard::Kind::more && heard.consumed > 0) {
    lied("hear", "OVERSOAK_MORE with " + std::to_string(heard.consumed) + " bytes consumed");
  }
  if (kind == Heard::Kind::answer && heard.number == OVERSOAK_NO_REQUEST) {
    lied("hear", "an answer without the number of its request");
  }
  return {kind, heard.consumed, heard.number, checked_text(heard.text)};
}

const char* Plugin::checked_text(const char* text) const {
  if (text == nullptr) return "";
  if (!is_text(text)) lied("hear", std::string(kNoText));
  return text;
}

void Plugin::lied(const char* function, const std::string& what) const {
  std::fprintf(stderr, "fatal: %s broke the rules of oversoak_plugin.h: %s returned %s\n",
               name_.c_str(), function, what.c_str());
  std::fflush(stderr);
  std::abort();
}

}  // namespace oversoak::fleet
