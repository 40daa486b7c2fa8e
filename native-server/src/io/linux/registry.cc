#include "io/registry.h"

#include "io/linux/epoll.h"

namespace oversoak::io {
namespace {

constexpr NotifierKind kNotifiers[] = {
    {"epoll",
     [](const IocpSettings&) -> std::unique_ptr<Notifier> { return std::make_unique<Epoll>(); }},
};

}  // namespace

std::span<const NotifierKind> all_notifiers() noexcept { return kNotifiers; }

std::unique_ptr<Notifier> make_fleet_notifier() { return std::make_unique<Epoll>(); }

}  // namespace oversoak::io
