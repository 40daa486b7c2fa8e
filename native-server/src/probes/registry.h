#pragma once

#include <vector>

#include "probes/probe.h"

namespace oversoak::probes {

// In the order of contracts' catalogue.
const std::vector<Probe>& all_probes();

// Null where there is none of that name.
const Probe* find_probe(const std::string& name);

}  // namespace oversoak::probes
