#pragma once

#include <oversoak_plugin.h>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <set>
#include <span>
#include <string>

#include "fleet/plugin/plugin_text.h"

namespace oversoak::fleet {

// How messages name the plug-in of this file: "the plug-in xor.so".
inline std::string plugin_name(const std::string& file) { return "the plug-in " + file; }

// A user's code that speaks a protocol: the table that it exports, with its options. Whatever it
// does wrong in a call ends the process, which names it. Any thread, one at a time for each state.
class Plugin {
 public:
  // `exported`: null, if the library has no such function. Throws std::runtime_error that names the
  // file where the table is not one of this version, or its options are wrong.
  Plugin(std::string file, std::string options, oversoak_plugin_function exported);

  std::size_t longest_request_bytes() const noexcept { return table_.longest_request_bytes; }
  std::size_t longest_answer_bytes() const noexcept { return table_.longest_answer_bytes; }
  bool answers_in_any_order() const noexcept { return table_.any_order != 0; }

  // A connection; `seed`: for its random numbers.
  void* begin(std::uint64_t session, std::uint64_t connection, std::uint64_t seed) const;
  void end(void* state) const noexcept;

  struct Login {
    bool over = true;
    std::size_t bytes = 0;  // in the buffer
  };
  Login login(void* state, std::span<std::byte> buffer) const;
  // Bytes in the buffer.
  std::size_t say(void* state, std::uint64_t number, std::span<std::byte> buffer) const;

  struct Heard {
    // As in oversoak_plugin.h.
    enum class Kind : std::uint8_t { more, answer, ignored, error, corrupt };
    Kind kind = Kind::more;
    std::size_t consumed = 0;
    std::uint64_t number = OVERSOAK_NO_REQUEST;
  };
  // `bytes`: not empty. `text`: what it says of them; may be empty.
  Heard hear(void* state, std::span<const std::byte> bytes, PluginText& text) const;

  // A copy that lives as long as the plug-in.
  const char* keep(const char* text) const;

  // It did what it must not: prints "FUNCTION DID", and ends the process.
  [[noreturn]] void broke_rules(const char* function, const std::string& did) const;

 private:
  // What `begin` returned; null: it refuses, and `error` may say why.
  void* try_begin(std::uint64_t session, std::uint64_t connection, std::uint64_t seed,
                  PluginText& error) const;
  // The only way into the plug-in's code: returns what `call` does, which calls it and reads all
  // that it gave by pointers.
  template <typename Call>
  auto enter(const char* function, Call call) const;

  const std::string name_;
  const std::string options_;
  oversoak_plugin_table table_{};  // a copy: later the plug-in's own may be anything
  mutable std::mutex mutex_;
  mutable std::set<std::string> kept_;  // under the mutex
};

}  // namespace oversoak::fleet
