#include "io/registry.h"

#include <algorithm>

#include "io/windows/async_select.h"
#include "io/windows/completion_routine.h"
#include "io/windows/event.h"
#include "io/windows/event_select.h"
#include "io/windows/iocp.h"
#include "io/windows/select.h"

namespace oversoak::io {
namespace {

std::unique_ptr<Notifier> make_iocp(const IocpSettings& iocp) {
  return std::make_unique<Iocp>(iocp);
}

template <typename Kind>
std::unique_ptr<Notifier> make(const IocpSettings&) {
  return std::make_unique<Kind>();
}

// The readiness models are the baselines that the overlapped ones are measured against.
constexpr NotifierKind kNotifiers[] = {
    {"iocp", make_iocp},
    {"completion-routine", make<CompletionRoutine>},
    {"event", make<Event>},
    {"select", make<Select>},
    {"event-select", make<EventSelect>},
    {"async-select", make<AsyncSelect>},
};

}  // namespace

std::span<const NotifierKind> all_notifiers() noexcept { return kNotifiers; }

std::unique_ptr<Notifier> make_fleet_notifier() {
  constexpr bool kPrecise = true;
  // One round: an echo that waits in the port behind those that are handled inline would be
  // measured as the server's.
  return std::make_unique<Iocp>(IocpSettings{.inline_rounds = 1}, kPrecise);
}

}  // namespace oversoak::io
