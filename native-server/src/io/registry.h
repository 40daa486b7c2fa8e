#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "io/acceptor.h"
#include "io/notifier.h"

namespace oversoak::io {

struct IocpSettings {
  // FILE_SKIP_COMPLETION_PORT_ON_SUCCESS: what finishes at once posts no packet.
  bool skip_on_success = true;
  // Then: rounds of such operations that are returned before the port is looked at again. Each
  // round returns every channel's once, so a busy channel cannot keep another from its turn.
  std::uint32_t inline_rounds = 8;
};

// A notification model that the server has.
struct NotifierKind {
  std::string_view name;  // "completion-routine"; the names of the API
  // On the thread that will own the notifier. Only `iocp` has settings.
  std::unique_ptr<Notifier> (*make)(const IocpSettings& iocp) = nullptr;
  // How the connections of a listening socket are accepted; null: by the listener's blocking calls.
  std::unique_ptr<Acceptor> (*make_acceptor)(Socket listening) = nullptr;
};

// Those of this platform, in the order of contracts' NOTIFIERS.
std::span<const NotifierKind> all_notifiers() noexcept;

// Null where there is none of that name.
const NotifierKind* find_notifier(std::string_view name) noexcept;

// What a fleet's thread has, whatever the server runs: it can connect, and its waits end on time.
std::unique_ptr<Notifier> make_fleet_notifier();

}  // namespace oversoak::io
