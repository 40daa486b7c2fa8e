#pragma once

#include <memory>
#include <span>

#include "fleet/dialect/dialect.h"
#include "fleet/framed/program.h"
#include "fleet/framed/reading.h"

namespace oversoak::fleet {

// A user's protocol, as data: it interprets a program. What is sent follows from seed, session and
// number of the message, so every answer is verified byte by byte.
class FramedDialect final : public Dialect {
 public:
  FramedDialect(std::shared_ptr<const framed::Program> program, std::uint32_t seed);

  std::size_t longest_message_bytes() const noexcept override;
  std::size_t longest_answer_bytes() const noexcept override;
  void begin(Conversation& conversation, Random& random) override;
  bool keeps_order() const noexcept override {
    return program_->match != framed::Match::identifier;
  }
  std::uint64_t most_followed() const noexcept override;
  bool has_script() const noexcept override { return true; }
  ScriptTurn continue_script(Conversation& conversation, Script script,
                             std::int64_t now_ns) override;
  std::int64_t pause_ns(const Conversation& conversation) const noexcept override;
  void write_message(Conversation& conversation, std::int64_t intended_ns, std::int64_t now_ns,
                     Random& random) override;
  Received read_answer(Conversation& conversation) override;
  std::uint64_t named_number(const Conversation& conversation,
                             std::uint64_t message) const override;
  Mismatch mismatch(const Conversation& conversation) const override;
  Mismatch reported_error(const Conversation& conversation) const override;

 private:
  // What an answer may be of: a request, or a step of the script.
  struct Due {
    enum class Kind : std::uint8_t {
      none,
      unreadable,  // the number that names it has not come
      script,
      request,  // `message`: its number in the connection
    };
    Kind kind = Kind::none;
    std::uint64_t message = 0;
    const framed::Expected* expected = nullptr;
    framed::Values values{};
  };
  // What a message turned out to be. `bytes`: of the message, where only its pattern determines
  // them.
  struct Understood {
    enum class Kind : std::uint8_t { incomplete, answer, error, ignored, unexpected };
    Kind kind = Kind::incomplete;
    Due due{};
    std::size_t bytes = 0;
  };

  Understood understand(const Conversation& conversation, std::span<const std::byte> data,
                        bool whole) const;
  Understood understand_unrequested(const Conversation& conversation,
                                    std::span<const std::byte> data, bool whole) const;
  Received take(Conversation& conversation, const Understood& understood,
                std::span<const std::byte> message);
  Received take_answer(Conversation& conversation, const Due& due);
  Echo settle(Conversation& conversation, const Due& due) const;

  Due due_answer(const Conversation& conversation, std::span<const std::byte> data) const;
  Due oldest(const Conversation& conversation) const;
  Due request(const Conversation& conversation, std::uint64_t message) const;
  Due named(const Conversation& conversation, const framed::MatchField& field,
            std::span<const std::byte> data) const;
  framed::Origin origin_of(const Conversation& conversation, std::uint64_t message) const noexcept;
  framed::Values values_of(const Conversation& conversation, std::uint64_t message) const;
  framed::Values next_values(const Conversation& conversation, std::int64_t now_ns) const;
  std::uint32_t choose_request(const framed::Origin& origin) const noexcept;
  void append_message(Conversation& conversation, const framed::Pattern& pattern,
                      const framed::Values& values);

  const std::shared_ptr<const framed::Program> program_;
  const std::uint32_t seed_;
  const std::uint64_t login_messages_;
};

}  // namespace oversoak::fleet
