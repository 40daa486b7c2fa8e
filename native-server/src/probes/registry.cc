#include "probes/registry.h"

#include "probes/families.h"

namespace oversoak::probes {

const std::vector<Probe>& all_probes() {
  static const std::vector<Probe> probes = [] {
    std::vector<Probe> all;
    for (const Probes& family :
         {pending_probes(), send_buffer_probes(), callers_thread_probes(), at_once_probes(),
          signalling_probes(), handle_limit_probes(), alertable_wait_probes(), socket_flag_probes(),
          buffer_probes(), byte_count_probes(), readiness_probes(), accept_connect_probes(),
          many_session_probes(), ending_probes(), offload_probes(), file_io_probes()}) {
      all.insert(all.end(), family.begin(), family.end());
    }
    return all;
  }();
  return probes;
}

const Probe* find_probe(const std::string& name) {
  for (const Probe& probe : all_probes()) {
    if (name == probe.name) return &probe;
  }
  return nullptr;
}

}  // namespace oversoak::probes
