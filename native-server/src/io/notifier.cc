#include "io/notifier.h"

#include "fatal.h"

namespace oversoak::io {

Sent Notifier::send_from_any_thread(Channel&, std::span<const std::byte>, OperationFigures&) {
  fatal("a send from a thread that this notifier does not let send");
}

Error Notifier::connect(Channel&, const Address&) {
  fatal("a connect by a notifier that has none");
}

void Notifier::issued(Operation& operation, bool at_once) noexcept {
  if (OperationFigures* figures = figures_of(operation.kind)) {
    (at_once ? figures->at_once : figures->pending).add();
  }
  operation.outstanding = true;
}

void Notifier::done_at_once(const Operation& operation) noexcept {
  if (OperationFigures* figures = figures_of(operation.kind)) figures->at_once.add();
}

void Notifier::refused(Operation& operation) noexcept {
  if (OperationFigures* figures = figures_of(operation.kind)) figures->failed.add();
}

void Notifier::count_batch(std::span<const Completion> batch) noexcept {
  if (batch.empty()) return;
  figures_.batches.add();
  figures_.completions.add(batch.size());
  figures_.largest_batch.raise_to(batch.size());
  for (const Completion& completion : batch) {
    if (!completion.error) continue;
    if (OperationFigures* figures = figures_of(completion.kind)) figures->failed.add();
  }
}

OperationFigures* Notifier::figures_of(OperationKind kind) noexcept {
  switch (kind) {
    case OperationKind::receive:
      return &figures_.receives;
    case OperationKind::send:
      return &figures_.sends;
    case OperationKind::connect:
      return nullptr;
  }
  fatal("an operation of no kind");
}

}  // namespace oversoak::io
