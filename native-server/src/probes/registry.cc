#include "probes/registry.h"

#include "probes/families.h"

namespace oversoak::probes {

const std::vector<Probe>& all_probes() {
  static const std::vector<Probe> probes = [] {
    std::vector<Probe> all;
    for (const auto family_probes : kFamilies) {
      const Probes family = family_probes();
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
