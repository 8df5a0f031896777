//! How much memory this thread holds, as the program's allocator counts it.
//!
//! A history (checkpoints, trace) must stay within a budget of bytes, and a run that grows without
//! end must be cut with a sentence before the machine gives up. Both need true figures, whatever a
//! protocol keeps in its state; an allocator knows them for free. A program that wants them says
//! [`counting_allocator!`](crate::counting_allocator) once. Without it every figure is 0, and only
//! limits of number hold.

use std::cell::Cell;

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
    static COPIED: Cell<usize> = const { Cell::new(0) };
}

/// Bytes that this thread holds; 0 when nobody counts.
#[inline]
#[must_use]
pub fn held() -> usize {
    HELD.try_with(Cell::get).unwrap_or(0)
}

/// Whether an allocator counts.
#[must_use]
pub fn is_counted() -> bool {
    held() > 0
}

/// For the allocator: so many bytes more are held.
#[inline]
pub fn note_taken(bytes: usize) {
    // A thread that is being torn down counts no more.
    let _ = HELD.try_with(|held| held.set(held.get().wrapping_add(bytes)));
}

/// For the allocator: so many bytes fewer are held. Memory that another thread had taken may make
/// the figure wrong, never the program.
#[inline]
pub fn note_given_back(bytes: usize) {
    let _ = HELD.try_with(|held| held.set(held.get().saturating_sub(bytes)));
}

/// Bytes that were copied because a checkpoint still holds the original, since the thread began:
/// what a history costs beyond its own copies.
#[inline]
#[must_use]
pub fn copied() -> usize {
    COPIED.with(Cell::get)
}

/// A shared piece was copied before it was changed.
pub(crate) fn note_copied(bytes: usize) {
    COPIED.with(|copied| copied.set(copied.get().wrapping_add(bytes)));
}

/// Makes the program's allocator count, for [`memory::held`](crate::memory::held). Once in a program,
/// in its root.
#[macro_export]
macro_rules! counting_allocator {
    () => {
        struct Counting;

        // SAFETY: every call is handed on to the system's allocator as it came; counting touches one
        // number of this thread that needs no memory of its own.
        unsafe impl ::std::alloc::GlobalAlloc for Counting {
            unsafe fn alloc(&self, layout: ::std::alloc::Layout) -> *mut u8 {
                $crate::memory::note_taken(layout.size());
                unsafe { ::std::alloc::System.alloc(layout) }
            }
            unsafe fn alloc_zeroed(&self, layout: ::std::alloc::Layout) -> *mut u8 {
                $crate::memory::note_taken(layout.size());
                unsafe { ::std::alloc::System.alloc_zeroed(layout) }
            }
            unsafe fn dealloc(&self, at: *mut u8, layout: ::std::alloc::Layout) {
                $crate::memory::note_given_back(layout.size());
                unsafe { ::std::alloc::System.dealloc(at, layout) }
            }
            unsafe fn realloc(
                &self,
                at: *mut u8,
                layout: ::std::alloc::Layout,
                size: usize,
            ) -> *mut u8 {
                $crate::memory::note_given_back(layout.size());
                $crate::memory::note_taken(size);
                unsafe { ::std::alloc::System.realloc(at, layout, size) }
            }
        }

        #[global_allocator]
        static COUNTING: Counting = Counting;
    };
}
