#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "notify/iocp.h"
#include "notify/notifier.h"

namespace oversoak::notify {

// The readiness models are the baselines that the overlapped ones are measured against.
enum class NotifierKind : std::uint8_t {
  iocp,
  completion_routine,
  event,
  select,
  event_select,
  async_select,
};

// "completion-routine"; the names of the API.
std::string_view name_of(NotifierKind kind) noexcept;
std::optional<NotifierKind> find_notifier(std::string_view name) noexcept;
const std::vector<NotifierKind>& all_notifiers();

// On the thread that will own it.
std::unique_ptr<Notifier> make_notifier(NotifierKind kind, const IocpSettings& iocp);

}  // namespace oversoak::notify
