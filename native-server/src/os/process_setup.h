#pragma once

namespace oversoak::os {

// Asks the system to treat this process as one that keeps time: see the platform's file for what
// would falsify figures otherwise. Once for each process that loads the addon, so a server's waits
// are as exact as a fleet's. What an older system does not offer is left out.
void set_up_process() noexcept;

}  // namespace oversoak::os
