// SQLite's file layer (its VFS) over a Disk in memory: files, locks, and the shared index of the write-ahead log.
//
// Threads  one. Owner  the Disk outlives the layer and every connection opened through it.
#pragma once

namespace crosswalk::simulation {

class Disk;

// Makes the disk the default of connections opened from now on.
void install_file_layer(Disk& disk);
void remove_file_layer();

}  // namespace crosswalk::simulation
