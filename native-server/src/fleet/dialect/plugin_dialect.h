#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "fleet/dialect/dialect.h"
#include "fleet/plugin/plugin.h"

namespace oversoak::fleet {

// A user's protocol, as code: what a session says, and what its answers mean, is the plug-in's. The
// window holds it to the numbers of the requests that were sent.
class PluginDialect final : public Dialect {
 public:
  explicit PluginDialect(std::shared_ptr<const Plugin> plugin);

  std::size_t longest_message_bytes() const noexcept override;
  std::size_t longest_answer_bytes() const noexcept override;
  void begin(Conversation& conversation, Random& random) override;
  bool keeps_order() const noexcept override { return !plugin_->answers_in_any_order(); }
  std::uint64_t most_followed() const noexcept override {
    return keeps_order() ? 0 : std::numeric_limits<std::uint64_t>::max();
  }
  // Also where there is no login: a session ends only when it has its answers.
  bool has_script() const noexcept override { return true; }
  ScriptTurn continue_script(Conversation& conversation, Script script,
                             std::int64_t now_ns) override;
  void write_message(Conversation& conversation, std::int64_t intended_ns, std::int64_t now_ns,
                     Random& random) override;
  Received read_answer(Conversation& conversation) override;
  Mismatch mismatch(const Conversation& conversation) const override;
  Mismatch reported_error(const Conversation& conversation) const override;

 private:
  Received take_answer(Conversation& conversation, const Plugin::Heard& heard);
  Received take_error(Conversation& conversation, const Plugin::Heard& heard);
  Echo settle(Conversation& conversation, std::uint64_t number) const;
  Received refuse(const Conversation& conversation, const char* what);
  Mismatch found() const;

  const std::shared_ptr<const Plugin> plugin_;
  std::vector<std::byte> buffer_;  // what it writes to
  PluginText text_{};              // of the latest answer
  Mismatch found_{};               // the latest answer that is wrong, or reports an error
};

}  // namespace oversoak::fleet
