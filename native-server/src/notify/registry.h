#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "notify/iocp.h"
#include "notify/notifier.h"

namespace oversoak::notify {

// A notification model that the server has.
struct NotifierKind {
  std::string_view name;  // "completion-routine"; the names of the API
  // On the thread that will own the notifier. Only `iocp` has settings.
  std::unique_ptr<Notifier> (*make)(const IocpSettings& iocp) = nullptr;
};

// In the order of contracts' NOTIFIERS.
std::span<const NotifierKind> all_notifiers() noexcept;

// Null where there is none of that name.
const NotifierKind* find_notifier(std::string_view name) noexcept;

}  // namespace oversoak::notify
