#include "fleet/plugin/plugin.h"

#include <exception>
#include <stdexcept>
#include <utility>

#include "os/foreign_call.h"

namespace oversoak::fleet {
namespace {

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

// Why `begin` refuses.
std::string reason_in(const PluginText& error) {
  if (!error.is_given()) return "begin returned NULL and does not say why";
  if (error.is_right()) return error.c_str();
  return error.quoted() + " (" + PluginText::kRule + ")";
}

std::string too_many(std::size_t bytes, std::size_t room) {
  return "returned " + std::to_string(bytes) + " bytes where it had " + std::to_string(room);
}

}  // namespace

// MSVC (/EHsc) catches what MSVC's code threw, libstdc++ what a C++ compiler of GCC's or Clang's
// made, and pthread_exit(). What passes is a crash to the system, and so to ForeignCall.
template <typename Call>
auto Plugin::enter(const char* function, Call call) const {
  const os::ForeignCall open(name_.c_str(), function);
  try {
    return call();
  } catch (const std::exception& thrown) {
    PluginText what;
    what.read(thrown.what());
    broke_rules(function, "threw " + what.quoted());
  } catch (...) {
    broke_rules(function, "threw an exception, or ended its thread");
  }
}

Plugin::Plugin(std::string file, std::string options, oversoak_plugin_function exported)
    : name_(plugin_name(file)), options_(std::move(options)) {
  if (exported == nullptr) {
    throw std::runtime_error(name_ + ": it exports no function oversoak_plugin");
  }
  const bool knows_abi = enter("oversoak_plugin", [&] {
    const oversoak_plugin_table* const table = exported(OVERSOAK_PLUGIN_ABI);
    if (table == nullptr) return false;
    table_.abi = table->abi;
    // One of another ABI may be shorter.
    if (table_.abi == OVERSOAK_PLUGIN_ABI) table_ = *table;
    return true;
  });
  if (!knows_abi) {
    throw std::runtime_error(name_ + ": it does not know ABI " +
                             std::to_string(OVERSOAK_PLUGIN_ABI) + ", which this fleet has");
  }
  if (const std::string problem = problem_of(table_); !problem.empty()) {
    throw std::runtime_error(name_ + ": " + problem);
  }
  PluginText error;
  void* const state = try_begin(0, 0, 0, error);
  if (state == nullptr) {
    throw std::runtime_error(name_ + ": it refuses its options: " + reason_in(error));
  }
  end(state);
}

void* Plugin::try_begin(std::uint64_t session, std::uint64_t connection, std::uint64_t seed,
                        PluginText& error) const {
  const oversoak_session about{session, connection, seed, options_.c_str(), options_.size()};
  return enter("begin", [&] {
    const char* text = nullptr;
    void* const state = table_.begin(&about, &text);
    // Beside a state it is of no meaning.
    if (state == nullptr) error.read(text);
    return state;
  });
}

void* Plugin::begin(std::uint64_t session, std::uint64_t connection, std::uint64_t seed) const {
  PluginText error;
  void* const state = try_begin(session, connection, seed, error);
  if (state == nullptr) {
    broke_rules("begin",
                "returned no session, of options that it had accepted: " + reason_in(error));
  }
  return state;
}

void Plugin::end(void* state) const noexcept {
  enter("end", [&] { table_.end(state); });
}

Plugin::Login Plugin::login(void* state, std::span<std::byte> buffer) const {
  if (table_.login == nullptr) return {};
  Login login;
  const int answer = enter(
      "login", [&] { return table_.login(state, bytes_of(buffer), buffer.size(), &login.bytes); });
  if (answer != OVERSOAK_LOGIN_OVER && answer != OVERSOAK_LOGIN_WAITS) {
    broke_rules("login", "returned " + std::to_string(answer) +
                             ", not OVERSOAK_LOGIN_OVER or OVERSOAK_LOGIN_WAITS");
  }
  if (login.bytes > buffer.size()) broke_rules("login", too_many(login.bytes, buffer.size()));
  login.over = answer == OVERSOAK_LOGIN_OVER;
  return login;
}

std::size_t Plugin::say(void* state, std::uint64_t number, std::span<std::byte> buffer) const {
  const std::size_t bytes =
      enter("say", [&] { return table_.say(state, number, bytes_of(buffer), buffer.size()); });
  if (bytes == 0) broke_rules("say", "returned a request without a byte");
  if (bytes > buffer.size()) broke_rules("say", too_many(bytes, buffer.size()));
  return bytes;
}

Plugin::Heard Plugin::hear(void* state, std::span<const std::byte> bytes, PluginText& text) const {
  oversoak_heard heard{0, OVERSOAK_NO_REQUEST, nullptr};
  const int answer = enter("hear", [&] {
    const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
    const int found = table_.hear(state, data, bytes.size(), &heard);
    text.read(heard.text);
    return found;
  });
  if (answer < OVERSOAK_MORE || answer > OVERSOAK_CORRUPT) {
    broke_rules("hear", "returned " + std::to_string(answer) +
                            ", which is none of OVERSOAK_MORE to OVERSOAK_CORRUPT");
  }
  const auto kind = static_cast<Heard::Kind>(answer);
  if (heard.consumed > bytes.size()) {
    broke_rules("hear", "returned " + std::to_string(heard.consumed) + " bytes consumed of " +
                            std::to_string(bytes.size()));
  }
  const bool takes = kind != Heard::Kind::more && kind != Heard::Kind::corrupt;
  if (takes && heard.consumed == 0) broke_rules("hear", "returned something of no bytes");
  if (kind == Heard::Kind::more && heard.consumed > 0) {
    broke_rules("hear", "returned OVERSOAK_MORE with " + std::to_string(heard.consumed) +
                            " bytes consumed");
  }
  if (kind == Heard::Kind::answer && heard.number == OVERSOAK_NO_REQUEST) {
    broke_rules("hear", "returned an answer without the number of its request");
  }
  if (text.is_given() && !text.is_right()) {
    broke_rules("hear", "returned the text " + text.quoted() + "; " + PluginText::kRule);
  }
  return {kind, heard.consumed, heard.number};
}

const char* Plugin::keep(const char* text) const {
  const std::lock_guard lock(mutex_);
  return kept_.emplace(text).first->c_str();
}

void Plugin::broke_rules(const char* function, const std::string& did) const {
  const std::string what =
      std::string("broke the rules of oversoak_plugin.h: ") + function + " " + did;
  os::end_process(name_.c_str(), what.c_str());
}

}  // namespace oversoak::fleet
