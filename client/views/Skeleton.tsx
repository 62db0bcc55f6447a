// What will be there soon, in grey: rows of the list, bubbles of a conversation.

export function RowSkeleton({ label }: { label: string }) {
  return (
    <div class="skeleton-rows" role="status">
      <span class="unseen">{label}</span>
      {[0, 1, 2, 3, 4, 5].map((n) => (
        <div class="skeleton-row" key={n} aria-hidden="true">
          <span class="skeleton skeleton-face" />
          <span class="skeleton skeleton-line" />
          <span class="skeleton skeleton-line skeleton-short" />
        </div>
      ))}
    </div>
  );
}

export function BubbleSkeleton({ label }: { label: string }) {
  return (
    <div class="skeleton-bubbles" role="status">
      <span class="unseen">{label}</span>
      {[0, 1, 2, 3, 4].map((n) => <span class="skeleton skeleton-bubble" key={n} aria-hidden="true" />)}
    </div>
  );
}
