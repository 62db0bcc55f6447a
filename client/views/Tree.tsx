// The chautari: a pipal tree on its stone platform, and two travellers who have stopped to talk.

export function Tree({ class: className = "" }: { class?: string }) {
  return (
    <svg class={`tree ${className}`} viewBox="0 0 240 190" aria-hidden="true" focusable="false">
      <circle class="tree-sun" cx="176" cy="54" r="30" />
      <path class="tree-hill" d="M0 164c34-26 62-34 96-22 22-22 60-28 92-6 22-2 38 10 52 28z" />
      <path
        class="tree-trunk"
        d="M111 152c4-22 3-40-6-58l9-3c3 8 6 13 8 20 2-10 5-18 12-27l7 5c-10 16-14 38-11 63z"
      />
      <path
        class="tree-leaf-back"
        d="M58 74c-7-18 8-34 24-33 4-19 32-27 47-13 18-9 41 4 41 22 15 5 19 26 6 36-12 12-30 10-38 4-12 11-32 11-42 1-16 9-34 0-38-17z"
      />
      <path
        class="tree-leaf"
        d="M68 80c-5-15 6-26 19-25 5-15 27-19 38-8 14-6 31 4 30 18 12 5 13 21 2 28-11 8-24 5-30-1-10 9-25 8-32-1-12 5-24-1-27-11z"
      />
      <path class="tree-stone" d="M52 150h136a5 5 0 0 1 5 5v10H47v-10a5 5 0 0 1 5-5z" />
      <path class="tree-stone-low" d="M36 165h168a5 5 0 0 1 5 5v10H31v-10a5 5 0 0 1 5-5z" />
      <path
        class="tree-talk-one"
        d="M66 121h25a8 8 0 0 1 8 8v9a8 8 0 0 1-8 8H76l-9 5v-5h-1a8 8 0 0 1-8-8v-9a8 8 0 0 1 8-8z"
      />
      <path
        class="tree-talk-two"
        d="M152 127h20a8 8 0 0 1 8 8v4a8 8 0 0 1-8 8h-1v5l-9-5h-10a8 8 0 0 1-8-8v-4a8 8 0 0 1 8-8z"
      />
    </svg>
  );
}
