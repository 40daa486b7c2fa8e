#pragma once

#include <oversoak_plugin.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace oversoak::fleet {

// A user's code that speaks a protocol: the table that it exports, with its options. Each call says
// who has the call, for the report of a crash. Any thread, one at a time for each state.
class Plugin {
 public:
  // `exported`: null, if the library has no such function. Throws std::runtime_error that names the
  // file where the table is not one of this version, or its options are wrong.
  Plugin(std::string file, std::string options, oversoak_plugin_function exported);

  std::size_t longest_request_bytes() const noexcept { return table_->longest_request_bytes; }
  std::size_t longest_answer_bytes() const noexcept { return table_->longest_answer_bytes; }
  bool answers_in_any_order() const noexcept { return table_->any_order != 0; }

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
    const char* text = "";  // of static storage
  };
  // `bytes`: not empty.
  Heard hear(void* state, std::span<const std::byte> bytes) const;

  // What it does cannot be: prints it, and ends the process.
  [[noreturn]] void lied(const char* function, const std::string& what) const;

 private:
  void* try_begin(std::uint64_t session, std::uint64_t connection, std::uint64_t seed,
                  const char** error) const;
  const char* checked_text(const char* text) const;

  const std::string name_;  // "the plug-in xor.so"
  const std::string options_;
  const oversoak_plugin_table* table_ = nullptr;
};

}  // namespace oversoak::fleet
